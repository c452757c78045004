package dev.migrator.test.rehearsal;

import dev.migrator.Phase;
import dev.migrator.test.rehearsal.MeasuredLock.Blocked;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.assertj.core.api.AbstractAssert;

/** What a rehearsal shows, see {@link RehearsalAssertions}. */
public final class RehearsalAssert extends AbstractAssert<RehearsalAssert, RehearsedMigration> {

  RehearsalAssert(RehearsedMigration actual) {
    super(actual, RehearsalAssert.class);
  }

  /**
   * Verifies that no statement of the application would wait longer for the migration. What is
   * measured is how long each transaction of the engine held each lock that keeps reads or writes
   * waiting, and each lock with which it wrote rows; see {@link MeasuredLock}. How long statements
   * really waited depends on when they come, and is not looked at.
   *
   * @param most the longest time, such as the lock budget and 100 ms
   * @return this
   */
  public RehearsalAssert neverBlocksLongerThan(Duration most) {
    isNotNull();
    String found =
        actual.report().phases().stream()
            .map(it -> longer(it, most))
            .filter(it -> !it.isEmpty())
            .collect(Collectors.joining("\n"));
    if (!found.isEmpty()) {
      failWithMessage("%s blocks longer than %s:%n%s", actual.id(), TextReport.time(most), found);
    }
    return this;
  }

  private static String longer(PhaseReport phase, Duration most) {
    StringBuilder text = new StringBuilder();
    for (StepReport step : phase.steps()) {
      for (StatementReport statement : step.statements()) {
        for (MeasuredLock lock : statement.locks()) {
          if (lock.blocked() != Blocked.NOBODY && lock.longest().compareTo(most) > 0) {
            text.append(
                "  %s, step \"%s\": %s%n    %s%n    %s%n"
                    .formatted(
                        phase.name(),
                        step.name(),
                        TextReport.lock(lock),
                        TextReport.oneLine(statement.sql()),
                        Remedy.of(statement, lock)));
          }
        }
      }
    }
    return text.toString().stripTrailing();
  }

  /**
   * Verifies that no statement took longer that clients ran while the migration did, and that none
   * failed; see {@link RehearsedMigration#withClients}. What the measuring of locks takes is part
   * of what they waited.
   *
   * @param most the longest time, such as the lock budget and 100 ms
   * @return this
   */
  public RehearsalAssert clientsNeverWaitLongerThan(Duration most) {
    isNotNull();
    List<ClientReport> seen = actual.report().clients();
    if (seen.isEmpty()) {
      failWithMessage(
          "%s was used by no client; say withClients(…), and what they run by usedBy(…)",
          actual.id());
    }
    String found =
        seen.stream()
            .filter(it -> it.longest().compareTo(most) > 0 || !it.errors().isEmpty())
            .map(it -> "  " + TextReport.of(it))
            .collect(Collectors.joining("\n"));
    if (!found.isEmpty()) {
      failWithMessage(
          "clients of %s wait longer than %s, or fail:%n%s",
          actual.id(), TextReport.time(most), found);
    }
    return this;
  }

  /**
   * Verifies what {@link #staysUsableBy} and {@link #isUsableFrom} do, of the statements that
   * {@link RehearsedMigration#usedBy} and {@link RehearsedMigration#usedFrom} were given. With
   * {@link #neverBlocksLongerThan} it shares one run.
   *
   * @return this
   */
  public RehearsalAssert staysUsable() {
    isNotNull();
    return requireNoFailure(actual.report());
  }

  /**
   * Verifies that statements of the releases that run before the migration work at its beginning,
   * and after every phase before CONTRACT, which waits until no such release is left: on new
   * connections, and on connections that had prepared them before that phase. A prepared statement
   * that is refused once because its result has another shape does not fail the assertion if it
   * works when the driver saves the transaction before each statement, as the starter has it do;
   * the report has it as {@link UseFinding.Kind#STALE_ONCE}.
   *
   * @param statements SQL, with values instead of parameters; in transactions that are rolled back
   * @return this
   */
  public RehearsalAssert staysUsableBy(String... statements) {
    isNotNull();
    return requireNoFailure(actual.usedBy(statements).run());
  }

  /**
   * Verifies that statements of the release that declares the migration work after a phase, and
   * after all that follow, to the very end.
   *
   * @param phase the phase after which that release serves: BACKFILL if it reads the new side
   *     unconditionally, EXPAND if it only may use what is there
   * @param statements SQL, with values instead of parameters; in transactions that are rolled back
   * @return this
   */
  public RehearsalAssert isUsableFrom(Phase phase, String... statements) {
    isNotNull();
    return requireNoFailure(actual.usedFrom(phase, statements).run());
  }

  /**
   * Verifies what {@link #staysUsableBy(String...)} does, of recorded statements.
   *
   * @param statements of the releases that run before the migration
   * @return this
   */
  public RehearsalAssert staysUsableBy(RecordedStatements statements) {
    isNotNull();
    return requireNoFailure(actual.usedBy(statements).run());
  }

  /**
   * Verifies what {@link #isUsableFrom(Phase, String...)} does, of recorded statements.
   *
   * @param phase the phase after which that release serves
   * @param statements of the release that declares the migration
   * @return this
   */
  public RehearsalAssert isUsableFrom(Phase phase, RecordedStatements statements) {
    isNotNull();
    return requireNoFailure(actual.usedFrom(phase, statements).run());
  }

  private RehearsalAssert requireNoFailure(RehearsalReport used) {
    List<UseFinding> failures =
        used.findings().stream().filter(it -> it.kind() == UseFinding.Kind.FAILS).toList();
    if (!failures.isEmpty()) {
      failWithMessage(
          "%s breaks statements of the application:%n%s",
          actual.id(),
          failures.stream()
              .map(
                  it ->
                      "  after %s: %s%n    %s".formatted(it.stage(), it.statement(), it.message()))
              .collect(Collectors.joining("\n")));
    }
    return this;
  }

  /**
   * Verifies that the migration can be undone from every phase to its beginning, and that the
   * catalog is as it was then. What CONTRACT has retired counts as kept: this is what an operator
   * can do before the end of the retention time.
   *
   * @return this
   */
  public RehearsalAssert undoesCleanlyFromEveryPhase() {
    isNotNull();
    List<UndoResult> failures = actual.undo().stream().filter(it -> !it.isClean()).toList();
    if (!failures.isEmpty()) {
      failWithMessage(
          "%s cannot be undone cleanly:%n%s",
          actual.id(),
          failures.stream()
              .map(
                  it ->
                      "  from %s: %s"
                          .formatted(
                              it.stage(),
                              it.problem() != null
                                  ? it.problem()
                                  : "\n    " + String.join("\n    ", it.differences())))
              .collect(Collectors.joining("\n")));
    }
    return this;
  }

  /**
   * Verifies that the instance that works can be killed in the middle of each phase: another one
   * goes on, and catalog and rows are those of a run in which nobody was killed.
   *
   * @return this
   */
  public RehearsalAssert survivesKillsInEveryPhase() {
    isNotNull();
    KillResult result = actual.kill();
    if (result.problem() != null) {
      failWithMessage("%s does not go on after a kill: %s", actual.id(), result.problem());
    }
    if (!result.differences().isEmpty()) {
      failWithMessage(
          "%s ends otherwise when its instance is killed in %s:%n  %s",
          actual.id(), result.killedIn(), String.join("\n  ", result.differences()));
    }
    return this;
  }

  /**
   * Verifies that no table is written anew while it is locked.
   *
   * @return this
   */
  public RehearsalAssert rewritesNoTable() {
    isNotNull();
    String found =
        actual
            .report()
            .statements()
            .filter(it -> !it.rewritten().isEmpty())
            .map(
                it ->
                    "  %s: %s%n    %s"
                        .formatted(it.rewritten(), TextReport.oneLine(it.sql()), Remedy.REWRITE))
            .collect(Collectors.joining("\n"));
    if (!found.isEmpty()) {
      failWithMessage("%s writes tables anew:%n%s", actual.id(), found);
    }
    return this;
  }
}
