package dev.migrator.internal.engine;

import dev.migrator.Phase;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.plan.Decision;
import dev.migrator.internal.plan.Declaration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares all declarations whose first phase is due with the database, before the first of them
 * changes anything. Not those that come behind a file that has not run: they may need what it
 * makes.
 *
 * <p>Where one transaction can do all of them, it is put off: that one compares each as well, also
 * those that the time does not suffice for, and leaves nothing behind if one is wrong. If they do
 * not fit, they are compared before anything else is tried.
 */
final class FirstPhaseCheck {

  private final Declarations declarations;

  private final MigrationExecutor rounds;

  private final RetryingResolver resolver;

  private final ChangesAtOnce changes;

  /** Those that are still to be compared. */
  private List<Declaration> putOff = List.of();

  private @Nullable Snapshot seen;

  FirstPhaseCheck(
      Declarations declarations,
      MigrationExecutor rounds,
      RetryingResolver resolver,
      ChangesAtOnce changes) {
    this.declarations = declarations;
    this.rounds = rounds;
    this.resolver = resolver;
    this.changes = changes;
  }

  /** To be called when a start has looked at the journal. */
  void begin(Snapshot snapshot) {
    List<Declaration> due = due(snapshot);
    seen = snapshot;
    putOff = due;
    if (!changes.mayDo(due, snapshot)) {
      require();
    }
  }

  /**
   * Does those whose comparison was put off, in one transaction that compares them.
   *
   * @param first the one that is to be done first
   * @return whether it is done
   */
  boolean runs(Declaration first, Phase last, Snapshot snapshot) {
    if (!putOff.isEmpty()
        && putOff.get(0) == first
        && changes.runComparing(putOff, last, snapshot)) {
      putOff = List.of();
      return true;
    }
    require();
    return false;
  }

  private void require() {
    List<Declaration> due = putOff;
    Snapshot snapshot = seen;
    putOff = List.of();
    if (snapshot != null) {
      due.forEach(
          it ->
              resolver.resolve(
                  it, Phase.EXPAND, declarations.recorded(it.id(), snapshot).begun() == null));
    }
  }

  private List<Declaration> due(Snapshot snapshot) {
    List<Declaration> due = new ArrayList<>();
    for (Declaration declaration : declarations.all()) {
      if (declaration.isFile()
          && declarations.recorded(declaration.id(), snapshot).phase() == null) {
        break;
      }
      Decision decision = rounds.decide(declaration.id(), snapshot);
      if (decision instanceof Decision.Advance advance && advance.phase() == Phase.EXPAND) {
        due.add(declaration);
      }
    }
    return due;
  }
}
