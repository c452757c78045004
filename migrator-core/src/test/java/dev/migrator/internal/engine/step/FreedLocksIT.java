package dev.migrator.internal.engine.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.internal.catalog.LockHolders;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.TableLock;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** When a pause ends early: each look is due at once, and says what it saw. */
@Tag("server-version")
class FreedLocksIT {

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
  void tables() {
    database = server.newDatabase();
    jdbc = JdbcClient.create(database.dataSource());
    jdbc.sql("CREATE TABLE t (id int, a text) PARTITION BY RANGE (id)").update();
    jdbc.sql("CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10)").update();
    jdbc.sql("CREATE TABLE other (id int)").update();
  }

  @AfterEach
  void drop() {
    database.close();
  }

  /** Who may read what others do, and who may not. */
  enum Role {
    OWNER,
    STRANGER
  }

  private DataSource as(Role role) {
    if (role == Role.OWNER) {
      return database.dataSource();
    }
    String name = "stranger_" + database.name();
    jdbc.sql("CREATE ROLE %s LOGIN PASSWORD 'secret'".formatted(name)).update();
    return new DriverManagerDataSource(database.jdbcUrl(), name, "secret");
  }

  /** Looks so seldom that two looks of a test always count as one behind the other. */
  private static FreedLocks looks(Database by, TableLock.Mode mode) {
    return new FreedLocks(
        by,
        () -> LockHolders.of(by, List.of(new TableLock("public.t", mode))),
        Duration.ofHours(1));
  }

  private static boolean look(FreedLocks freed) {
    freed.begin(System.nanoTime() - TimeUnit.HOURS.toNanos(3));
    freed.now();
    return freed.areFree();
  }

  private Connection holding(String... statements) throws SQLException {
    Connection connection = database.dataSource().getConnection();
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
    return connection;
  }

  @ParameterizedTest
  @EnumSource
  void whenTheBlockerHasEnded(Role role) throws SQLException {
    FreedLocks freed = looks(new Database(as(role)), TableLock.Mode.ACCESS_EXCLUSIVE);
    try (Connection blocker = holding("SELECT FROM t1")) {
      assertThat(look(freed)).isFalse();
      assertThat(look(freed)).isFalse();
      blocker.rollback();
      assertThat(look(freed)).isTrue();
    }
  }

  /** The session goes on, or another one has its process id: it is another transaction. */
  @ParameterizedTest
  @EnumSource
  void notWhileOneFollowsTheOther(Role role) throws SQLException {
    FreedLocks freed = looks(new Database(as(role)), TableLock.Mode.ACCESS_EXCLUSIVE);
    Connection blocker = holding("SELECT FROM t");
    assertThat(look(freed)).isFalse();
    for (int i = 0; i < 5; i++) {
      Connection next = holding("SELECT FROM t");
      assertThat(look(freed)).as("the one before is still there").isFalse();
      // The server ends a session some time after it was closed.
      blocker.rollback();
      blocker.close();
      blocker = next;
    }
    blocker.rollback();
    try (Statement statement = blocker.createStatement()) {
      statement.execute("SELECT FROM t");
    }
    assertThat(look(freed)).as("another, which is young").isTrue();
    blocker.close();
  }

  @ParameterizedTest
  @EnumSource
  void whenAPreparedOneHasEnded(Role role) throws SQLException {
    FreedLocks freed = looks(new Database(as(role)), TableLock.Mode.SHARE_ROW_EXCLUSIVE);
    holding("INSERT INTO t VALUES (1)", "PREPARE TRANSACTION 'in doubt'").close();
    assertThat(look(freed)).isFalse();
    assertThat(look(freed)).isFalse();
    jdbc.sql("COMMIT PREPARED 'in doubt'").update();
    assertThat(look(freed)).isTrue();
  }

  @Test
  void whoIsNotInTheWayDoesNotCount() throws SQLException {
    Database by = new Database(database.dataSource());
    try (Connection reader = holding("SELECT FROM t");
        Connection elsewhere = holding("INSERT INTO other VALUES (1)")) {
      assertThat(look(looks(by, TableLock.Mode.SHARE_ROW_EXCLUSIVE))).isTrue();
      assertThat(look(looks(by, TableLock.Mode.ACCESS_EXCLUSIVE))).isFalse();
    }
  }

  @Test
  void notBeforeTheMomentFromWhichItMay() {
    FreedLocks freed = looks(new Database(database.dataSource()), TableLock.Mode.ACCESS_EXCLUSIVE);
    freed.begin(System.nanoTime() + TimeUnit.HOURS.toNanos(1));
    freed.now();
    assertThat(freed.areFree()).isFalse();
    assertThat(freed.untilNext()).isGreaterThan(Duration.ofMinutes(59));
  }

  /** Whatever it means is found by the attempt. */
  @Test
  void notWhereNobodyCanLook() {
    FreedLocks freed =
        looks(
            new Database(new DriverManagerDataSource("jdbc:postgresql://127.0.0.1:1/nowhere")),
            TableLock.Mode.ACCESS_EXCLUSIVE);
    assertThat(look(freed)).isFalse();
  }
}
