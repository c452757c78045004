package dev.migrator.internal.engine;

import static dev.migrator.DualWrite.byApplication;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.status.Blocker;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestServer;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A prepared transaction has no session, and stands in the way until somebody ends it. */
@Tag("server-version")
class PreparedTransactionIT {

  private static final String ID = "in-doubt";

  private static final Migration.DualWritten WRITTEN =
      Migration.define(ID)
          .table("users")
          .addColumn("full_name", "text")
          .dualWrite("name", "full_name", byApplication());

  private static TestServer server;

  private TestDatabase database;

  private JdbcClient jdbc;

  @BeforeAll
  static void start() {
    server = TestServer.start(Map.of("max_prepared_transactions", "5"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void table() {
    database = server.newDatabase();
    jdbc = JdbcClient.create(database.dataSource());
    jdbc.sql("CREATE TABLE users (id int PRIMARY KEY, name text)").update();
    jdbc.sql("INSERT INTO users SELECT n, 'user ' || n FROM generate_series(1, 100) n").update();
  }

  @AfterEach
  void drop() {
    database.close();
  }

  private Migrator migrator(Migration migration) {
    return Fixture.builder(database.dataSource())
        .settings(Fixture.AUTO)
        .declare("bean", migration)
        .build();
  }

  private static List<Blocker> inTheWayOf(Migrator migrator, String step) {
    return migrator.status(ID).orElseThrow().steps().stream()
        .filter(it -> it.name().equals(step))
        .flatMap(it -> it.blockers().stream())
        .toList();
  }

  private static void awaitInTheWay(Migrator migrator, String step, String application) {
    Fixture.await(
        () ->
            inTheWayOf(migrator, step).stream()
                .anyMatch(it -> it.application().equals(application)),
        () -> String.valueOf(migrator.status(ID)));
  }

  @Test
  void whatIsPreparedWhileItIsWaitedForIsWaitedForOn() throws Exception {
    try (Migrator before = migrator(WRITTEN);
        Migrator migrator = migrator(WRITTEN.backfill());
        Connection writer = database.dataSource().getConnection();
        Statement statement = writer.createStatement()) {
      before.prepare();
      before.close();
      statement.execute("BEGIN");
      statement.execute("SET LOCAL application_name = 'writer'");
      statement.execute("INSERT INTO users (id, name) VALUES (101, 'late')");
      migrator.prepare();
      migrator.start();
      awaitInTheWay(migrator, "await-writers", "writer");
      statement.execute("PREPARE TRANSACTION 'transfer 7'");
      awaitInTheWay(migrator, "await-writers", "prepared transaction 'transfer 7'");
      assertThat(migrator.status(ID).orElseThrow().phase()).isEqualTo(Phase.DUAL_WRITE);
      jdbc.sql("COMMIT PREPARED 'transfer 7'").update();
      Fixture.awaitPhase(migrator, ID, Phase.BACKFILL);
      assertThat(
              jdbc.sql("SELECT full_name FROM users WHERE id = 101").query(String.class).single())
          .isEqualTo("late");
    }
  }

  @Test
  void whoKeepsALockFromBeingTakenIsNamed() throws Exception {
    try (Migrator migrator = migrator(Migration.define(ID).table("users").addColumn("n", "int"));
        Connection writer = database.dataSource().getConnection();
        Statement statement = writer.createStatement()) {
      statement.execute("BEGIN");
      statement.execute("UPDATE users SET name = 'late' WHERE id = 1");
      statement.execute("PREPARE TRANSACTION 'transfer 8'");
      Thread start = new Thread(migrator::prepare);
      start.start();
      awaitInTheWay(migrator, "add-columns", "prepared transaction 'transfer 8'");
      jdbc.sql("ROLLBACK PREPARED 'transfer 8'").update();
      start.join();
      assertThat(migrator.status(ID).orElseThrow().phase()).isEqualTo(Phase.EXPAND);
    }
  }
}
