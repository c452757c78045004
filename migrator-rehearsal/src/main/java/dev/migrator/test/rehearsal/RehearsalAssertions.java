package dev.migrator.test.rehearsal;

/**
 * Assertions on rehearsals, for AssertJ.
 *
 * <pre>{@code
 * import static dev.migrator.test.rehearsal.RehearsalAssertions.assertThat;
 *
 * assertThat(rehearsal.of("2026-11-22-users-full-name").withRows("users", 100_000))
 *     .neverBlocksLongerThan(Duration.ofMillis(400))
 *     .undoesCleanlyFromEveryPhase();
 * }</pre>
 */
public final class RehearsalAssertions {

  private RehearsalAssertions() {}

  /**
   * Begins an assertion. Each of its methods runs what it needs.
   *
   * @param rehearsed the rehearsal
   * @return the assertion
   */
  public static RehearsalAssert assertThat(RehearsedMigration rehearsed) {
    return new RehearsalAssert(rehearsed);
  }
}
