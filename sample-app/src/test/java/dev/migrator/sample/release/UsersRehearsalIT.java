package dev.migrator.sample.release;

import static dev.migrator.test.rehearsal.RehearsalAssertions.assertThat;

import dev.migrator.Phase;
import dev.migrator.test.rehearsal.RecordedStatements;
import dev.migrator.test.rehearsal.Rehearsal;
import dev.migrator.test.rehearsal.RehearsalTest;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * The rename of the sample, rehearsed. Few rows in each build, as many as production has before a
 * release: {@code -Drehearsal.rows=1000000 -Drehearsal.longest-block=400}.
 */
@RehearsalTest(
    schema = "classpath:db/changelog/db.changelog-master.sql",
    sqlFiles = "classpath:db/migrator/",
    declarations = Release4.class)
class UsersRehearsalIT {

  private static final int ROWS = Integer.getInteger("rehearsal.rows", 2_000);

  private static final Duration LONGEST_BLOCK =
      Duration.ofMillis(Integer.getInteger("rehearsal.longest-block", 60_000));

  @Test
  void rename(Rehearsal rehearsal) {
    assertThat(
            rehearsal
                .of("2026-11-22-users-full-name")
                .withRows("users", ROWS)
                .usedBy(
                    "select name, email from users where id = 1",
                    "insert into users (name) values ('x')")
                .usedFrom(Phase.BACKFILL, "select full_name from users where id = 1"))
        .staysUsable()
        .neverBlocksLongerThan(LONGEST_BLOCK)
        .undoesCleanlyFromEveryPhase();
  }

  /** As the tests of the release before have sent them. */
  @Test
  void recordedStatements(Rehearsal rehearsal) {
    RecordedStatements before = RecordedStatements.of(Path.of("src/test/statements/release-1.txt"));
    assertThat(rehearsal.of("2026-11-22-users-full-name").withRows("users", 100))
        .staysUsableBy(before);
  }
}
