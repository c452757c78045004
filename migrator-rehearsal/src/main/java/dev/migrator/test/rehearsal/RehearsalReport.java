package dev.migrator.test.rehearsal;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a migration did in a rehearsal, phase by phase.
 *
 * <pre>{@code
 * RehearsalReport report = rehearsal.of("2026-11-22-users-full-name").withRows("users", 100_000).run();
 * System.out.println(report.toText());
 * Files.writeString(Path.of("target/rehearsal.html"), report.toHtml());
 * }</pre>
 *
 * @param migration its id
 * @param server the version of PostgreSQL
 * @param rows how many rows were asked for, such as {@code users: 1,000,000}
 * @param phases what each phase did, in their order
 * @param findings what does not work any longer
 * @param clients what sessions saw that used the database meanwhile; empty without any
 * @param warnings what makes the rehearsal less than production
 * @param undone what came of undoing it from each phase; empty if nobody has asked
 * @param killed what came of kills in each phase; {@code null} if nobody has asked
 */
public record RehearsalReport(
    String migration,
    String server,
    List<String> rows,
    List<PhaseReport> phases,
    List<UseFinding> findings,
    List<ClientReport> clients,
    List<String> warnings,
    List<UndoResult> undone,
    @Nullable KillResult killed) {

  /** Copies the lists. */
  public RehearsalReport {
    rows = List.copyOf(rows);
    phases = List.copyOf(phases);
    findings = List.copyOf(findings);
    clients = List.copyOf(clients);
    warnings = List.copyOf(warnings);
    undone = List.copyOf(undone);
  }

  RehearsalReport withUndone(List<UndoResult> results) {
    return new RehearsalReport(
        migration, server, rows, phases, findings, clients, warnings, results, killed);
  }

  RehearsalReport withKilled(KillResult result) {
    return new RehearsalReport(
        migration, server, rows, phases, findings, clients, warnings, undone, result);
  }

  /**
   * Returns everything that ran.
   *
   * @return the statements of all phases
   */
  public Stream<StatementReport> statements() {
    return phases.stream().flatMap(PhaseReport::statements);
  }

  /**
   * Returns how long all phases took.
   *
   * @return without what the rehearsal did between them
   */
  public Duration duration() {
    return phases.stream().map(PhaseReport::duration).reduce(Duration.ZERO, Duration::plus);
  }

  /**
   * Returns the lock that made a statement of the application wait longest, or would have.
   *
   * @return empty if none keeps anybody waiting
   */
  public Optional<MeasuredLock> longestBlock() {
    return phases.stream()
        .flatMap(it -> it.longestBlock().stream())
        .max(Comparator.comparing(MeasuredLock::longest));
  }

  /**
   * Writes it for the console.
   *
   * @return several lines
   */
  public String toText() {
    return TextReport.of(this);
  }

  /**
   * Writes it as one page, with everything that it needs.
   *
   * @return HTML
   */
  public String toHtml() {
    return HtmlReport.of(this);
  }
}
