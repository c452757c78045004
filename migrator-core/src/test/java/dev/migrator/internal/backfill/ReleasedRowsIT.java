package dev.migrator.internal.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.internal.journal.Installation;
import dev.migrator.internal.sql.Database;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Which chunks are due once a transaction has ended, by how long it was seen. */
class ReleasedRowsIT {

  private final TestDatabase testDatabase = TestPostgres.newDatabase();

  private final Database database = new Database(testDatabase.dataSource());

  private final JdbcClient jdbc = JdbcClient.create(testDatabase.dataSource());

  private final ReleasedRows released = new ReleasedRows(database, "m");

  @BeforeEach
  void chunks() {
    Installation.ensure(database);
    jdbc.sql("CREATE TABLE t (id int PRIMARY KEY)").update();
    jdbc.sql("INSERT INTO t VALUES (1)").update();
    jdbc.sql("INSERT INTO migrator.migration (id, table_name, operations) VALUES ('m', 't', '[]')")
        .update();
    jdbc.sql("INSERT INTO migrator.backfill (migration_id, rows_estimated) VALUES ('m', 1)")
        .update();
    putOff("60 s");
    putOff("300 s");
  }

  @AfterEach
  void close() {
    testDatabase.close();
  }

  private void putOff(String pause) {
    jdbc.sql(
            """
            INSERT INTO migrator.chunk (migration_id, relation, source, mark, first_block, end_block,
                                        window_block, next_block, attempts, due_at)
            VALUES ('m', 't'::regclass, 't', '', 0, 1, 0, 0, 1, clock_timestamp() + ?::interval)
            """)
        .param(pause)
        .update();
  }

  private Connection writing() throws SQLException {
    Connection connection = testDatabase.dataSource().getConnection();
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT FROM t FOR UPDATE");
    }
    return connection;
  }

  private boolean lookAt(long second) {
    return database.inTransaction(() -> released.look(TimeUnit.SECONDS.toNanos(second)));
  }

  private int due() {
    return jdbc.sql("SELECT count(*) FROM migrator.chunk WHERE due_at <= clock_timestamp()")
        .query(Integer.class)
        .single();
  }

  @Test
  void oneThatWasThereForLongMakesTheirsDue() throws SQLException {
    try (Connection writer = writing()) {
      assertThat(lookAt(10)).isFalse();
      assertThat(lookAt(70)).as("it is there").isFalse();
      writer.rollback();
    }
    assertThat(lookAt(71)).isTrue();
    assertThat(due()).as("the one that was to wait for less than twice as long").isEqualTo(1);
  }

  @Test
  void streamOfShortOnesLeavesThePausesAsTheyAre() throws SQLException {
    for (int second = 0; second < 60; second += 20) {
      try (Connection writer = writing()) {
        assertThat(lookAt(second)).isFalse();
        writer.rollback();
      }
    }
    assertThat(lookAt(60)).isFalse();
    assertThat(due()).isZero();
  }

  @Test
  void whereNobodyIsThereNothingIsDone() {
    assertThat(lookAt(0)).isFalse();
    assertThat(lookAt(1000)).isFalse();
    assertThat(due()).isZero();
  }
}
