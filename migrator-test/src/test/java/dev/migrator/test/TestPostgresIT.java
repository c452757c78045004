package dev.migrator.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server-version")
class TestPostgresIT {

  @Test
  void makesADatabase() throws SQLException {
    try (TestDatabase database = TestPostgres.newDatabase()) {
      assertThat(query(database, "SELECT current_database()")).isEqualTo(database.name());
      assertThat(database.jdbcUrl()).endsWith("/" + database.name());
    }
  }

  @Test
  void databasesAreIndependent() throws SQLException {
    try (TestDatabase one = TestPostgres.newDatabase();
        TestDatabase two = TestPostgres.newDatabase()) {
      execute(one, "CREATE TABLE customer (id bigint)");
      assertThat(query(one, "SELECT to_regclass('customer')")).isEqualTo("customer");
      assertThat(query(two, "SELECT to_regclass('customer')")).isNull();
    }
  }

  @Test
  void copiesADatabase() throws SQLException {
    try (TestDatabase template = TestPostgres.newDatabase()) {
      execute(template, "CREATE TABLE customer AS SELECT 7 AS id");
      try (TestDatabase copy = TestPostgres.newDatabase(template)) {
        assertThat(query(copy, "SELECT id FROM customer")).isEqualTo("7");
      }
    }
  }

  @Test
  void dropsADatabaseThatIsInUse() throws SQLException {
    TestDatabase database = TestPostgres.newDatabase();
    try (Connection connection = database.dataSource().getConnection()) {
      database.drop();
      assertThat(connection.isValid(1)).isFalse();
    }
    assertThatThrownBy(() -> database.dataSource().getConnection())
        .isInstanceOf(SQLException.class);
    database.drop();
  }

  @Test
  void serverHasTheVersionAskedFor() throws SQLException {
    try (TestDatabase database = TestPostgres.newDatabase()) {
      int version = Integer.parseInt(query(database, "SHOW server_version_num"));
      assertThat(version / 10000).isEqualTo(Integer.getInteger("migrator.test.postgres.version"));
    }
  }

  @Test
  void serverIsFastAndRoomy() throws SQLException {
    try (TestDatabase database = TestPostgres.newDatabase()) {
      assertThat(query(database, "SHOW fsync")).isEqualTo("off");
      assertThat(query(database, "SHOW full_page_writes")).isEqualTo("off");
      assertThat(query(database, "SHOW synchronous_commit")).isEqualTo("off");
      assertThat(query(database, "SHOW max_connections")).isEqualTo("200");
      assertThat(query(database, "SHOW wal_level")).isEqualTo("logical");
      assertThat(query(database, "SHOW server_encoding")).isEqualTo("UTF8");
    }
  }

  private static void execute(TestDatabase database, String sql) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  static String query(TestDatabase database, String sql) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
