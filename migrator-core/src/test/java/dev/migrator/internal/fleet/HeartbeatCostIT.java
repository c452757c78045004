package dev.migrator.internal.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.internal.Timings;
import dev.migrator.internal.journal.Installation;
import dev.migrator.internal.sql.Database;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** What a heartbeat reads, counted by the server. */
class HeartbeatCostIT {

  private static final Duration LEASE = Duration.ofSeconds(30);

  /** Its own row, the announcement three times, the end of the event log. */
  private static final long ROWS = 5;

  private final TestDatabase testDatabase = TestPostgres.newDatabase();

  private final Counting counting = new Counting(testDatabase.dataSource());

  private final Registry registry = new Registry(new Database(counting), LEASE, Timings.defaults());

  private final InstanceInfo self =
      new InstanceInfo(
          UUID.randomUUID(), "one", false, "application", "1", Map.of(), DeclaredFiles.NONE, false);

  @AfterEach
  void close() {
    testDatabase.close();
  }

  @Test
  void isTheSameHoweverManyInstancesAndFinishedMigrationsThereAre() {
    Installation.ensure(new Database(testDatabase.dataSource()));
    registry.register(self, Duration.ZERO, List.of(), List.of(), null);
    assertThat(rowsRead()).as("alone").isBetween(2L, ROWS);

    JdbcClient jdbc = JdbcClient.create(testDatabase.dataSource());
    jdbc.sql(
            """
            INSERT INTO migrator.instance (key, name, application, release, started_at, seen_at, expires_at, declares)
            SELECT gen_random_uuid(), 'i' || n, 'application', '1', now(), now(), now() + interval '1 hour', '{}'
              FROM generate_series(1, 200) n
            """)
        .update();
    jdbc.sql(
            """
            INSERT INTO migrator.migration (id, table_name, operations, begun, phase, settled, completed)
            SELECT 'm' || n, 't', '[]', 'CONTRACT', 'CONTRACT', true, true FROM generate_series(1, 1000) n
            """)
        .update();
    jdbc.sql(
            """
            INSERT INTO migrator.backfill (migration_id, rows_estimated)
            SELECT id, 0 FROM migrator.migration
            """)
        .update();
    jdbc.sql(
            """
            INSERT INTO migrator.event (instance, release, migration_id, kind)
            SELECT 'i', '1', id, 'COMPLETED' FROM migrator.migration
            """)
        .update();
    assertThat(rowsRead()).as("in a crowd").isBetween(2L, ROWS);
    for (String table : List.of("instance", "migration", "backfill", "event", "announcement")) {
      jdbc.sql("VACUUM ANALYZE migrator." + table).update();
    }
    assertThat(rowsRead()).as("when the planner knows of the crowd").isBetween(2L, ROWS);
  }

  private long rowsRead() {
    counting.rows = 0;
    assertThat(registry.beat(self)).isNotNull();
    return counting.rows;
  }

  /** Asks the server before each commit what the transaction has read of the journal. */
  private static final class Counting extends DelegatingDataSource {

    private long rows;

    Counting(DataSource target) {
      super(target);
    }

    @Override
    public Connection getConnection() throws SQLException {
      Connection connection = super.getConnection();
      return (Connection)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {Connection.class},
              (proxy, method, args) -> {
                if (method.getName().equals("commit")) {
                  count(connection);
                }
                try {
                  return method.invoke(connection, args);
                } catch (InvocationTargetException ex) {
                  throw ex.getCause();
                }
              });
    }

    private void count(Connection connection) throws SQLException {
      try (Statement statement = connection.createStatement();
          ResultSet found =
              statement.executeQuery(
                  """
                  SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))
                    FROM pg_stat_xact_user_tables WHERE schemaname = 'migrator'
                  """)) {
        found.next();
        rows += found.getLong(1);
      }
    }
  }
}
