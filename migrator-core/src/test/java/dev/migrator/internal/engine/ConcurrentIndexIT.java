package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.SETTINGS;
import static dev.migrator.internal.engine.Fixture.await;
import static dev.migrator.internal.engine.Fixture.awaitPhase;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.status.Blocker;
import dev.migrator.status.StepStatus;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * PEERS 9.4: an index build that has to wait for an old snapshot waits, says for whom, and is never
 * half done.
 */
@Tag("server-version")
class ConcurrentIndexIT {

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void table() {
    fixture.execute(
        "CREATE TABLE elsewhere (a int)",
        "CREATE TABLE t (id int PRIMARY KEY, a text)",
        "INSERT INTO t SELECT n, 'x' || n FROM generate_series(1, 1000) n",
        "CREATE INDEX by_a ON t (a)");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static Migration.Backfilled rename() {
    return Migration.define("m").table("t").renameColumn("a", "b");
  }

  /** A transaction that keeps a snapshot, as a report or a dump does, on another table. */
  private Connection snapshot() throws SQLException {
    Connection connection = fixture.database().dataSource().getConnection();
    connection.setAutoCommit(false);
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL application_name = 'the report'");
      statement.execute("SELECT * FROM elsewhere");
    }
    return connection;
  }

  private List<Blocker> blockers(Migrator migrator) {
    return migrator.status("m").orElseThrow().steps().stream()
        .filter(it -> it.name().equals("copy-index-by_a"))
        .findFirst()
        .map(StepStatus::blockers)
        .orElse(List.of());
  }

  @Test
  void itWaitsAndSaysForWhomWhileTheApplicationWrites() throws SQLException {
    Migrator migrator = fixture.migrator(SETTINGS, rename());
    migrator.prepare();
    try (Connection report = snapshot()) {
      migrator.start();
      await(
          () -> blockers(migrator).stream().anyMatch(it -> it.application().equals("the report")),
          () -> String.valueOf(migrator.status("m")));
      fixture.execute("SET LOCAL lock_timeout = '1s'; UPDATE t SET a = 'written' WHERE id = 1");
      report.rollback();
    }
    awaitPhase(migrator, "m", Phase.BACKFILL);
    assertThat(blockers(migrator)).as("nobody any longer").isEmpty();
    assertThat(valid()).isEqualTo("t,t,t");
  }

  @Test
  void stoppingCancelsItAndTheNextInstanceBuildsItAgain() throws SQLException {
    Migrator first = fixture.migrator(SETTINGS, rename());
    first.prepare();
    try (Connection report = snapshot()) {
      first.start();
      await(() -> !blockers(first).isEmpty(), () -> String.valueOf(first.status("m")));
      first.close();
      assertThat(valid()).as("left invalid, as a cancelled build is").contains("f");
      report.rollback();
    }
    fixture.reach(Phase.BACKFILL, rename());
    assertThat(valid()).isEqualTo("t,t,t");
  }

  /**
   * The server goes on with the build of an instance that was killed; the next leader waits for it.
   */
  @Test
  void aBuildThatIsUnderWayIsNotDisturbed() throws Exception {
    fixture.reach(Phase.BACKFILL, rename());
    String name =
        fixture.value("SELECT indexname FROM pg_indexes WHERE indexname LIKE '~migrator%'");
    String definition =
        fixture.value("SELECT indexdef FROM pg_indexes WHERE indexname = '%s'".formatted(name));
    fixture.execute(
        "DROP INDEX \"%s\"".formatted(name),
        "UPDATE migrator.step SET state = 'RUNNING' WHERE name IN ('copy-index-by_a', 'verify')",
        "UPDATE migrator.migration SET phase = 'DUAL_WRITE'");
    try (Connection report = snapshot()) {
      CompletableFuture<Void> predecessor =
          CompletableFuture.runAsync(
              () ->
                  fixture.execute(definition.replace("CREATE INDEX", "CREATE INDEX CONCURRENTLY")));
      await(
          () ->
              fixture
                  .value(
                      "SELECT count(*) FROM pg_stat_progress_create_index WHERE current_locker_pid > 0")
                  .equals("1"),
          () -> "the predecessor's build to wait");
      String oid = fixture.value("SELECT '\"%s\"'::regclass::oid".formatted(name));
      Migrator next = fixture.migrator(SETTINGS, rename());
      next.start();
      await(() -> next.status().leader() != null, () -> "the next leader");
      report.rollback();
      predecessor.get(180, TimeUnit.SECONDS);
      awaitPhase(next, "m", Phase.BACKFILL);
      assertThat(fixture.value("SELECT '\"%s\"'::regclass::oid".formatted(name)))
          .as("the very index that was being built")
          .isEqualTo(oid);
    }
    assertThat(valid()).isEqualTo("t,t,t");
  }

  private String valid() {
    return fixture.value("SELECT indisvalid FROM pg_index WHERE indrelid = 't'::regclass");
  }
}
