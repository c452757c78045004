package dev.migrator.plan;

import dev.migrator.status.Hold;
import dev.migrator.status.Hold.Reason;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What would run if this release started now: computed from declarations, journal, catalog and
 * fleet, by the same code that runs it, and nothing is changed for it.
 *
 * <pre>{@code
 * MigrationPlan plan = migrator.plan();
 * if (!plan.isEmpty()) {
 *   System.out.println(plan.toText());              // for a person
 *   Files.writeString(script, plan.toScript());     // for a DBA
 *   System.out.println(plan.fingerprint());         // for migrator.plan.approved
 * }
 * }</pre>
 *
 * @param migrations one entry for each declared migration, in the order of the history, then those
 *     that only the journal knows and of which something is left
 * @param at when it was computed, on the database's clock
 * @param fingerprint a digest of everything that it depends on: declarations, journal, the tables
 *     it touches, the releases that run; sizes and times are no part of it
 */
public record MigrationPlan(List<PlannedMigration> migrations, Instant at, String fingerprint) {

  /** Copies the list. */
  public MigrationPlan {
    migrations = List.copyOf(migrations);
  }

  /** What comes of it. */
  public enum Outcome {

    /** Everything that this release declares is reached, or would be. */
    REACHED(0),

    /** A migration failed, or cannot be carried out as it is declared. */
    FAILED(1),

    /** Something is held. */
    HELD(2);

    private final int exitCode;

    Outcome(int exitCode) {
      this.exitCode = exitCode;
    }

    /**
     * What a deployment job ends with.
     *
     * @return 0, 1 or 2
     */
    public int exitCode() {
      return exitCode;
    }
  }

  /**
   * Returns whether nothing is left to run, now or later.
   *
   * @return {@code false} also while retired data waits for the end of its retention time
   */
  public boolean isEmpty() {
    return migrations.stream().allMatch(it -> it.phases().isEmpty() && it.problem() == null);
  }

  /**
   * Returns what comes of it. What only keeps retired data for a while does not count as held.
   *
   * @return what a deployment job should end with
   */
  public Outcome outcome() {
    if (migrations.stream().anyMatch(it -> it.state() == PlannedMigration.State.FAILED)) {
      return Outcome.FAILED;
    }
    boolean held =
        migrations.stream()
            .anyMatch(
                it ->
                    it.state() == PlannedMigration.State.UNDOING
                        || it.allHolds().anyMatch(hold -> hold.reason() != Reason.RETENTION));
    return held ? Outcome.HELD : Outcome.REACHED;
  }

  /**
   * Returns all steps, in the order in which they would run.
   *
   * @return those of all migrations
   */
  public Stream<PlannedStep> steps() {
    return migrations.stream()
        .flatMap(it -> it.phases().stream())
        .flatMap(it -> it.steps().stream());
  }

  /**
   * Sums it up in one line.
   *
   * @return such as {@code 4 migrations: 2 reached, 1 runs, 1 held because …}
   */
  public String summary() {
    return PlanText.summary(this);
  }

  /**
   * Writes it for a person: every phase, every step, with its SQL.
   *
   * @return several lines
   */
  public String toText() {
    return PlanText.of(this);
  }

  /**
   * Writes it as a SQL script for {@code psql}, phase by phase. What the engine does beyond a
   * script, such as copying rows beside the running application, is said in comments.
   *
   * @return the script
   */
  public String toScript() {
    return PlanScript.of(this);
  }

  static String because(List<Hold> holds) {
    return holds.stream()
        .map(it -> "%s (%s)".formatted(it.message(), it.reason().code()))
        .collect(Collectors.joining("; "));
  }
}
