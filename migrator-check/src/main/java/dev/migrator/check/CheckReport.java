package dev.migrator.check;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a check found.
 *
 * <pre>{@code
 * CheckReport report = SqlCheck.folder(Path.of("src/main/resources/db/migrator")).run();
 * assertThat(report.failures()).as(report.toText()).isEmpty();
 * }</pre>
 *
 * @param files how many were judged
 * @param statements how many of them were judged
 * @param server the server that tried them; {@code null} if they were only read
 * @param notes what there is to know about the check itself
 * @param findings in the order of the files and their statements
 * @param looked what was done by each statement that was judged
 */
public record CheckReport(
    int files,
    int statements,
    @Nullable String server,
    List<String> notes,
    List<Finding> findings,
    List<CheckedStatement> looked) {

  /** Copies the lists. */
  public CheckReport {
    notes = List.copyOf(notes);
    findings = List.copyOf(findings);
    looked = List.copyOf(looked);
  }

  /** Those by which the check fails. */
  public List<Finding> failures() {
    return findings.stream().filter(Finding::fails).toList();
  }

  /** Those that are only said. */
  public List<Finding> warnings() {
    return findings.stream()
        .filter(it -> it.level() == Level.WARN && it.allowed() == null)
        .toList();
  }

  /** Whether nothing unsafe was found that is not allowed. */
  public boolean isSafe() {
    return failures().isEmpty();
  }

  /** As people read it. */
  public String toText() {
    return ReportFormat.TEXT.write(this);
  }
}
