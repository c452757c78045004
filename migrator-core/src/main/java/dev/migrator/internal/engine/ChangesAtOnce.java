package dev.migrator.internal.engine;

import dev.migrator.Phase;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.plan.Decision;
import dev.migrator.internal.plan.Declaration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Takes several migrations of which nothing has begun through their phases in one transaction,
 * where no other instance lives, as on a new database. Why nobody is hurt: as in {@link
 * OneTransactionExecutor}, which does the same for one.
 */
final class ChangesAtOnce {

  private final Collection<Declaration> declarations;

  private final OneTransactionExecutor alone;

  private final BiFunction<String, Snapshot, Decision> decide;

  private final ReadTogether together;

  private final SeveralAtOnce several;

  /**
   * Makes it.
   *
   * @param declarations all, in their order
   */
  ChangesAtOnce(
      Collection<Declaration> declarations,
      OneTransactionExecutor alone,
      BiFunction<String, Snapshot, Decision> decide,
      ReadTogether together,
      SeveralAtOnce several) {
    this.declarations = declarations;
    this.alone = alone;
    this.decide = decide;
    this.together = together;
    this.several = several;
  }

  /**
   * Runs one that is due, and those behind it.
   *
   * @param last the last phase that is asked for of the first
   * @return whether it is done; if not, nothing has changed
   */
  boolean run(Declaration first, Phase last, Snapshot snapshot) {
    return run(due(first, snapshot), last, null);
  }

  /**
   * The same of all that nothing has been compared of; what the time does not suffice for is
   * compared there as well.
   *
   * @throws dev.migrator.error.InvalidMigrationException if the only one cannot be done
   */
  boolean runComparing(List<Declaration> all, Phase last, Snapshot snapshot) {
    List<Declaration> due = due(all.get(0), snapshot);
    if (!due.equals(all)) {
      return false;
    }
    return (due.size() == 1) ? alone.run(due.get(0), last) : run(due, last, alone::compare);
  }

  private boolean run(List<Declaration> due, Phase last, @Nullable Consumer<Declaration> left) {
    List<Declaration> done =
        several.run(
            due,
            left,
            alone::begin,
            it -> {
              boolean first = it == due.get(0);
              return alone.runWithin(it, first ? last : it.needed(), first).reshapes();
            });
    if (done.isEmpty()) {
      return false;
    }
    together.ran(done.get(0).id(), done.stream().map(Declaration::id).toList());
    return true;
  }

  /** Whether one transaction may do all that is due, as far as can be told without the lease. */
  boolean mayDo(List<Declaration> due, Snapshot snapshot) {
    return !due.isEmpty()
        && due.size() <= SeveralAtOnce.MOST
        && due.stream().allMatch(it -> isDue(it, snapshot) && alone.mayOpen(it))
        && due.equals(from(due.get(0), it -> isDue(it, snapshot)))
        && alone.isAlone();
  }

  /** What the start waits for, without a gap: a file between two of them goes in its place. */
  private List<Declaration> due(Declaration first, Snapshot snapshot) {
    return from(first, it -> isDue(it, snapshot) && alone.isOpen(it));
  }

  private List<Declaration> from(Declaration first, Predicate<Declaration> fits) {
    List<Declaration> due = new ArrayList<>();
    boolean reached = false;
    for (Declaration declaration : declarations) {
      reached = reached || declaration == first;
      if (!reached) {
        continue;
      }
      if (due.size() == SeveralAtOnce.MOST || !fits.test(declaration)) {
        break;
      }
      due.add(declaration);
    }
    return due;
  }

  private boolean isDue(Declaration declaration, Snapshot snapshot) {
    return !declaration.isFile()
        && !declaration.isInBackground()
        && several.mayFit(declaration)
        && snapshot.get(declaration.id()) == null
        && decide.apply(declaration.id(), snapshot) instanceof Decision.Advance advance
        && advance.phase() == Phase.EXPAND;
  }
}
