package dev.migrator.test.rehearsal;

import dev.migrator.Phase;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What one phase did.
 *
 * @param phase the phase
 * @param afterRetention whether it is the rest of CONTRACT, which in production waits for the end
 *     of the retention time
 * @param duration how long it took
 * @param walBytes how much the whole server wrote to its log meanwhile
 * @param growth the tables whose size changed
 * @param steps its steps, in their order
 */
public record PhaseReport(
    Phase phase,
    boolean afterRetention,
    Duration duration,
    long walBytes,
    List<TableGrowth> growth,
    List<StepReport> steps) {

  /** Copies the lists. */
  public PhaseReport {
    growth = List.copyOf(growth);
    steps = List.copyOf(steps);
  }

  /**
   * Its name, for people.
   *
   * @return such as {@code BACKFILL}
   */
  public String name() {
    return afterRetention ? phase + " after retention" : phase.toString();
  }

  /**
   * Returns everything that ran.
   *
   * @return the statements of all steps
   */
  public Stream<StatementReport> statements() {
    return steps.stream().flatMap(it -> it.statements().stream());
  }

  /**
   * Returns the lock that made a statement of the application wait longest, or would have.
   *
   * @return empty if none keeps anybody waiting
   */
  public Optional<MeasuredLock> longestBlock() {
    return statements()
        .flatMap(it -> it.locks().stream())
        .filter(it -> it.blocked() != MeasuredLock.Blocked.NOBODY)
        .max(Comparator.comparing(MeasuredLock::longest));
  }
}
