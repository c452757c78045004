package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.MigrationStatus.State;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads may go to a standby, which has the new side when it has replayed the verification. */
@Tag("server-version")
class StandbySwitchIT {

  private static final Migration SWITCHED =
      Migration.define("m").table("t").renameColumn("a", "b").switchRead();

  private static MigratorSettings limit(Duration limit) {
    return Fixture.SETTINGS.toBuilder().safety(it -> it.standbyLimit(limit)).build();
  }

  @Test
  void readsDoNotSwitchBeforeItHasReplayed() throws Exception {
    try (TestServer primary = TestServer.embedded(Map.of("max_wal_senders", "4"));
        TestDatabase database = primary.newDatabase();
        Standby standby = Standby.of(primary);
        HikariDataSource pool = new HikariDataSource()) {
      pool.setDataSource(database.dataSource());
      pool.setMaximumPoolSize(3);
      JdbcClient jdbc = JdbcClient.create(database.dataSource());
      jdbc.sql("CREATE TABLE t (id int PRIMARY KEY, a text)").update();
      jdbc.sql("INSERT INTO t VALUES (1, 'x')").update();
      standby.pauseReplay();
      Migrator migrator =
          Fixture.builder(pool)
              .declare("bean", SWITCHED)
              .settings(limit(Duration.ofMillis(300)))
              .build();
      migrator.start();
      try {
        Fixture.awaitState(migrator, "m", State.FAILED);
        assertThat(migrator.status("m").orElseThrow().phase()).isEqualTo(Phase.BACKFILL);
        assertThat(migrator.status("m").orElseThrow().holds().get(0).message())
            .contains("MIG-4015", "walreceiver", "migrator.standby-limit");
      } finally {
        migrator.close();
      }
      Migrator patient =
          Fixture.builder(pool)
              .declare("bean", SWITCHED)
              .settings(limit(Duration.ofMinutes(2)))
              .build();
      patient.start();
      try {
        patient.execute("m", OperatorCommand.RETRY);
        Fixture.await(
            () ->
                patient.status("m").orElseThrow().steps().stream()
                    .anyMatch(
                        it ->
                            it.name().equals("switch-read") && it.state().name().equals("RUNNING")),
            () -> String.valueOf(patient.status("m")));
        standby.resumeReplay();
        Fixture.awaitPhase(patient, "m", Phase.SWITCH_READ);
      } finally {
        patient.close();
      }
    }
  }

  @Test
  void whereNobodyReadsThereItIsNotWaitedFor() throws Exception {
    try (TestServer primary = TestServer.embedded(Map.of("max_wal_senders", "4"));
        TestDatabase database = primary.newDatabase();
        Standby standby = Standby.of(primary)) {
      JdbcClient jdbc = JdbcClient.create(database.dataSource());
      jdbc.sql("CREATE TABLE t (id int PRIMARY KEY, a text)").update();
      jdbc.sql("INSERT INTO t VALUES (1, 'x')").update();
      standby.pauseReplay();
      Migrator migrator =
          Fixture.builder(database.dataSource())
              .declare("bean", SWITCHED)
              .settings(limit(Duration.ZERO))
              .build();
      migrator.start();
      Fixture.awaitPhase(migrator, "m", Phase.SWITCH_READ);
      migrator.close();
    }
  }

  /** As long as it has not answered, it can be a standby, or a client that only receives. */
  @Test
  void whoHasJustConnectedIsWaitedForUntilItAnswers() throws Exception {
    Properties replication = new Properties();
    PGProperty.REPLICATION.set(replication, "true");
    PGProperty.PREFER_QUERY_MODE.set(replication, "simple");
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(replication, "14");
    try (TestServer primary = TestServer.embedded(Map.of("max_wal_senders", "4"));
        TestDatabase database = primary.newDatabase()) {
      PGProperty.USER.set(replication, primary.username());
      PGProperty.PASSWORD.set(replication, primary.password());
      JdbcClient jdbc = JdbcClient.create(database.dataSource());
      jdbc.sql("CREATE TABLE t (id int PRIMARY KEY, a text)").update();
      String position = jdbc.sql("SELECT pg_current_wal_lsn()").query(String.class).single();
      try (Connection connection =
              DriverManager.getConnection(primary.jdbcUrl("postgres"), replication);
          PGReplicationStream stream =
              connection
                  .unwrap(PGConnection.class)
                  .getReplicationAPI()
                  .replicationStream()
                  .physical()
                  .withStartPosition(LogSequenceNumber.valueOf(position))
                  .start();
          Migrator migrator =
              Fixture.builder(database.dataSource())
                  .declare("bean", SWITCHED)
                  .settings(limit(Duration.ofMillis(300)))
                  .build()) {
        migrator.start();
        Fixture.awaitState(migrator, "m", State.FAILED);
        assertThat(migrator.status("m").orElseThrow().holds().get(0).message())
            .contains("MIG-4015", "which has not said yet what it has");
        stream.read();
        stream.forceUpdateStatus();
        migrator.execute("m", OperatorCommand.RETRY);
        Fixture.awaitPhase(migrator, "m", Phase.SWITCH_READ);
      }
    }
  }
}
