package dev.migrator.internal.engine;

import dev.migrator.Phase;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.plan.Decision;
import dev.migrator.internal.plan.Declaration;
import java.util.ArrayList;
import java.util.List;

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

  private final MigrationExecutor executor;

  private final RetryingResolver resolver;

  private final ChangesAtOnce changes;

  /** Those that are still to be compared. */
  private List<Declaration> putOff = List.of();

  FirstPhaseCheck(
      Declarations declarations,
      MigrationExecutor executor,
      RetryingResolver resolver,
      ChangesAtOnce changes) {
    this.declarations = declarations;
    this.executor = executor;
    this.resolver = resolver;
    this.changes = changes;
  }

  /** To be called when a start has looked at the journal. */
  void begin(Snapshot snapshot) {
    putOff = due(snapshot);
    if (!changes.mayDo(putOff, snapshot)) {
      require(snapshot);
    }
  }

  /**
   * To be called when the start has ended. If another instance has done all of it meanwhile, some
   * are put off still, and are none of the matter of what this one does later.
   */
  void end() {
    putOff = List.of();
  }

  /**
   * Does those whose comparison was put off, in one transaction that compares them.
   *
   * @param first the one that is to be done first
   * @return whether it is done
   */
  boolean runs(Declaration first, Phase last, Snapshot snapshot) {
    if (putOff.isEmpty()) {
      return false;
    }
    if (putOff.get(0) == first && changes.runComparing(putOff, last, snapshot)) {
      putOff = List.of();
      return true;
    }
    // Another instance may have led since this one looked, and done some of them.
    require(executor.snapshot());
    return false;
  }

  private void require(Snapshot snapshot) {
    List<Declaration> all = putOff;
    putOff = List.of();
    all.stream()
        .filter(it -> isDue(it, snapshot))
        .forEach(
            it -> resolver.compare(it, Phase.EXPAND, declarations.recorded(it.id(), snapshot)));
  }

  private List<Declaration> due(Snapshot snapshot) {
    List<Declaration> due = new ArrayList<>();
    for (Declaration declaration : declarations.all()) {
      if (declaration.isFile()
          && declarations.recorded(declaration.id(), snapshot).phase() == null) {
        break;
      }
      if (isDue(declaration, snapshot)) {
        due.add(declaration);
      }
    }
    return due;
  }

  private boolean isDue(Declaration declaration, Snapshot snapshot) {
    return executor.decide(declaration.id(), snapshot) instanceof Decision.Advance advance
        && advance.phase() == Phase.EXPAND;
  }
}
