package dev.migrator.internal.engine;

import dev.migrator.Phase;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.plan.Overlap;
import dev.migrator.internal.plan.Recorded;
import java.util.LinkedList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which migrations go before which. */
final class Precedence {

  private final Declarations declarations;

  Precedence(Declarations declarations) {
    this.declarations = declarations;
  }

  /** The declared migrations that have to go on before this one can, the first to go first. */
  List<Declaration> before(String id, Snapshot snapshot) {
    LinkedList<Declaration> before = new LinkedList<>();
    String blocker = blockedBy(id, snapshot);
    // Two that name each other by after(…) wait for ever, and are shown as held.
    while (blocker != null
        && declarations.contains(blocker)
        && !before.contains(declarations.find(blocker))) {
      before.addFirst(declarations.find(blocker));
      blocker = blockedBy(blocker, snapshot);
    }
    return before;
  }

  /**
   * What has to be finished before this one because it says so, or be there because it is a file.
   */
  private @Nullable String comesBefore(Declaration declaration, Snapshot snapshot) {
    for (String id : declaration.migration().after()) {
      Declaration other = declarations.find(id);
      Recorded recorded = declarations.recorded(id, snapshot);
      boolean finished =
          declarations.isCompleted(id)
              || recorded.completed()
              || (recorded.phase() != null
                  && recorded.phase().includes(other == null ? Phase.CONTRACT : other.declares()));
      if (!finished) {
        return id;
      }
    }
    if (declarations.recorded(declaration.id(), snapshot).begun() != null) {
      return null;
    }
    if (declaration.isBaseline()) {
      // It is the first of a new database, and no other has to run it.
      return null;
    }
    for (Declaration other : declarations.all()) {
      if (other == declaration) {
        return null;
      }
      // Of two beans it is known what they affect.
      if ((declaration.isFile() || other.isFile()) && isAwaited(other, snapshot)) {
        return other.id();
      }
    }
    return null;
  }

  /**
   * Whether what comes behind another migration waits for it: until what that adds is there. What
   * is held keeps nobody else: by an operator, by its own word, by a failure, or by another change
   * whose contract may have to wait for releases that go only when this one serves.
   */
  private boolean isAwaited(Declaration other, Snapshot snapshot) {
    Recorded recorded = declarations.recorded(other.id(), snapshot);
    if (recorded.phase() != null) {
      return false;
    }
    boolean held =
        recorded.paused()
            || recorded.undoing()
            || recorded.undone()
            || recorded.failure() != null
            || (!other.isFile() && overlapped(other, snapshot) != null)
            || !other.migration().after().isEmpty();
    return !held;
  }

  /**
   * An unfinished change that has a column in common with this one, and is declared before it, or
   * was begun before it and is not declared here.
   */
  @Nullable String blockedBy(String id, Snapshot snapshot) {
    Declaration declaration = declarations.find(id);
    if (declaration == null) {
      return null;
    }
    String baseline = declarations.baselineOf(id);
    if (baseline != null
        && declarations.recorded(id, snapshot).begun() == null
        && declarations.recorded(baseline, snapshot).phase() == null) {
      // That runs in its place.
      return baseline;
    }
    String before = comesBefore(declaration, snapshot);
    // What a file affects is unknown.
    return (before != null || declaration.isFile()) ? before : overlapped(declaration, snapshot);
  }

  /** A change of the same objects that has to be finished first. */
  private @Nullable String overlapped(Declaration declaration, Snapshot snapshot) {
    for (Declaration other : declarations.all()) {
      if (other == declaration) {
        break;
      }
      if (Overlap.blocks(other, declarations.recorded(other.id(), snapshot).phase(), declaration)) {
        return other.id();
      }
    }
    // In the order in which they were begun, so that no two can wait for each other.
    for (Recorded other : snapshot.records().values()) {
      if (other.id().equals(declaration.id())) {
        break;
      }
      if (!declarations.contains(other.id()) && Overlap.blocks(other, declaration)) {
        return other.id();
      }
      if (Overlap.keepsRetired(other, declaration)) {
        return other.id();
      }
    }
    return null;
  }

  /** A contract that has not run, and without which a file that comes behind it may fail. */
  @Nullable String heldBefore(Declaration file, Snapshot snapshot) {
    String held = null;
    for (Declaration other : declarations.all()) {
      if (other == file) {
        return held;
      }
      boolean reached = declarations.recorded(other.id(), snapshot).phase() == Phase.CONTRACT;
      held = (other.isFileOfContract() && !reached) ? other.id() : held;
    }
    return held;
  }
}
