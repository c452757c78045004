package dev.migrator.internal.effect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.internal.sql.Database;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Whoever comes between two transactions is seen. */
@Tag("server-version")
class ImageSequenceIT {

  private final TestDatabase testDatabase = TestPostgres.newDatabase();

  private final Database database = new Database(testDatabase.dataSource());

  private final ImageSequence images = new ImageSequence(database);

  @AfterEach
  void drop() {
    testDatabase.close();
  }

  private List<String> changes(String sql) {
    return database.inTransaction(() -> effect(sql)).stream().map(Change::text).toList();
  }

  private List<Change> effect(String sql) {
    database.execute("SELECT pg_current_xact_id()");
    CatalogImage before = images.before();
    database.execute(sql);
    return CatalogDifference.between(before, images.after());
  }

  private void elsewhere(String sql) {
    JdbcClient.create(testDatabase.dataSource()).sql(sql).update();
  }

  @Test
  void whatOneLeavesTheNextFinds() {
    assertThat(changes("CREATE TABLE a (id int)")).anyMatch(it -> it.contains("public.a"));
    assertThat(changes("CREATE TABLE b (id int)"))
        .anyMatch(it -> it.contains("public.b"))
        .noneMatch(it -> it.contains("public.a"));
    assertThat(changes("DROP TABLE a")).anyMatch(it -> it.contains("public.a"));
  }

  @Test
  void whatAnotherSessionDidInBetweenIsNoEffect() {
    changes("CREATE TABLE a (id int)");
    elsewhere("CREATE TABLE other (id int)");
    assertThat(changes("CREATE TABLE b (id int)")).noneMatch(it -> it.contains("other"));
    elsewhere("DROP TABLE other");
    assertThat(changes("CREATE TABLE c (id int)")).noneMatch(it -> it.contains("other"));
  }

  @Test
  void whatWasRolledBackIsNotThere() {
    changes("CREATE TABLE a (id int)");
    Supplier<List<Change>> work = () -> effect("CREATE TABLE b (id int)");
    database.andRollBack(work);
    assertThat(changes("CREATE TABLE b (id int, x int)")).anyMatch(it -> it.contains("public.b"));
  }

  /** It had its number before, and commits in between. */
  @Test
  void whoWasAtItBeforeIsSeen() throws SQLException {
    try (Connection connection = testDatabase.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("CREATE TABLE other (id int)");
      changes("CREATE TABLE a (id int)");
      connection.commit();
    }
    assertThat(changes("CREATE TABLE b (id int)")).noneMatch(it -> it.contains("other"));
  }
}
