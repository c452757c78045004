package dev.migrator.test.rehearsal;

import java.time.Duration;
import java.util.List;

/**
 * What clients saw that used the database while a phase ran, see {@link
 * RehearsedMigration#withClients}.
 *
 * @param stage the phase, such as {@code BACKFILL}
 * @param executions how many statements they ran
 * @param longest how long the slowest of them took, with whatever it waited for
 * @param slowest its text
 * @param errors what went wrong, each once, the first ten
 */
public record ClientReport(
    String stage, long executions, Duration longest, String slowest, List<String> errors) {

  /** Copies the list. */
  public ClientReport {
    errors = List.copyOf(errors);
  }
}
