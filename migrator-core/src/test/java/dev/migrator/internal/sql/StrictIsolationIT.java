package dev.migrator.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.test.Await;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Single statements where the server's default would refuse what meets the write of another. */
class StrictIsolationIT {

  private final TestDatabase testDatabase = TestPostgres.newDatabase();

  private final Database database = new Database(testDatabase.dataSource());

  @BeforeEach
  void table() {
    database.execute("CREATE TABLE t (id int PRIMARY KEY, n int)");
    database.execute("INSERT INTO t VALUES (1, 0)");
  }

  @AfterEach
  void close() {
    testDatabase.close();
  }

  @ParameterizedTest
  @CsvSource({"repeatable read, true", "serializable, true", "serializable, false"})
  void aWriteWaitsForTheOtherOneAndIsDone(String isolation, boolean known) throws Exception {
    database.execute(
        "ALTER DATABASE \"%s\" SET default_transaction_isolation = '%s'"
            .formatted(testDatabase.name(), isolation));
    if (known) {
      database.sessionsHave("public", isolation);
    }
    CompletableFuture<Integer> write;
    try (Connection other = testDatabase.dataSource().getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("UPDATE t SET n = n + 1");
      write =
          CompletableFuture.supplyAsync(
              () -> database.write(() -> database.update("UPDATE t SET n = n + 1")));
      Await.until(
          () ->
              database
                      .query(
                          "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
                          (rs, row) -> 1)
                      .size()
                  == 1,
          () -> "nobody waits");
      other.commit();
    }
    assertThat(write.get()).isEqualTo(1);
    assertThat(database.query("SELECT n FROM t", (rs, row) -> rs.getInt(1))).containsExactly(2);
  }

  /** Its settings are those of each transaction of the library. */
  @ParameterizedTest
  @CsvSource({"repeatable read", "serializable"})
  void aReadIsNotStrictEither(String isolation) {
    database.execute(
        "ALTER DATABASE \"%s\" SET default_transaction_isolation = '%s'"
            .formatted(testDatabase.name(), isolation));
    database.sessionsHave("public", isolation);
    assertThat(
            database.read(
                () ->
                    database.query(
                        "SELECT current_setting('transaction_isolation')",
                        (rs, row) -> rs.getString(1))))
        .containsExactly("read committed");
  }
}
