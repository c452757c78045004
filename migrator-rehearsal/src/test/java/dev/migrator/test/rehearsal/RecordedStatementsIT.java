package dev.migrator.test.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.Phase;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** Statements with parameters, run after each phase. */
@Tag("server-version")
class RecordedStatementsIT {

  private static final String SCHEMA =
      """
      CREATE TYPE kind AS ENUM ('a', 'b');
      CREATE TABLE team (id int PRIMARY KEY, name text NOT NULL);
      INSERT INTO team VALUES (1, 'one');
      CREATE TABLE person (id bigint PRIMARY KEY, team_id int NOT NULL REFERENCES team, name text NOT NULL,
        code int, kind kind NOT NULL, email text, CHECK (email LIKE '%@%'));
      INSERT INTO person VALUES (1, 1, 'x', 1, 'a', 'x@example.org');
      """;

  private static RecordedStatements statements(String... blocks) {
    String text = StatementsFile.HEAD + "\n" + String.join("\n", blocks) + "\n";
    return new RecordedStatements(StatementsFile.read(text, "test"), List.of());
  }

  private static RehearsalReport run(Path folder, String sql, RecordedStatements used)
      throws IOException {
    Files.writeString(folder.resolve("20260101000000_change.sql"), "-- migrator: contract\n" + sql);
    try (Rehearsal rehearsal =
        Rehearsal.builder().schemaSql(SCHEMA).sqlFiles("file:" + folder).build()) {
      return rehearsal.of("20260101000000_change").usedFrom(Phase.EXPAND, used).run();
    }
  }

  private static RecordedStatements all() {
    return statements(
        "(int8, int4, varchar, kind) keys id",
        "  insert into person (id, team_id, name, kind) values (?, ?, ?, ?)",
        "(int4)",
        "  select name from person where code = ?",
        "(unknown, int8)",
        "  update person set kind = ? where id = ?",
        "(int8, varchar)",
        "  insert into person (id, team_id, name, kind, email) values (?, 1, 'y', 'a', ?)",
        "(int8, varchar)",
        "  insert into person (id, team_id, name, kind, email) values (?, 1, 'z', 'a', ?)",
        "=7\ty@example.org");
  }

  /** A new row has another key and refers to one that is there. */
  @Test
  void valuesAreFoundThatTheTablesTake(@TempDir Path folder) throws IOException {
    RehearsalReport report = run(folder, "ALTER TABLE person ADD note text", all());
    assertThat(report.findings()).isEmpty();
    assertThat(report.warnings())
        .singleElement()
        .asString()
        .contains("of 1 of 5 statements no values are known", "'y', 'a', ?)", "person_email_check");
  }

  @Test
  void whatAMigrationBreaksIsFound(@TempDir Path folder) throws IOException {
    RehearsalReport report =
        run(
            folder,
            "ALTER TABLE person ALTER code TYPE text; ALTER TABLE person ALTER email SET NOT NULL",
            all());
    assertThat(report.findings())
        .extracting(UseFinding::stage)
        .containsOnly("CONTRACT", "CONTRACT after retention");
    assertThat(report.findings())
        .anySatisfy(
            it -> {
              assertThat(it.statement()).contains("where code = ?");
              assertThat(it.message()).contains("operator does not exist: text = integer");
            })
        .anySatisfy(
            it -> {
              assertThat(it.statement()).contains("(id, team_id, name, kind) values");
              assertThat(it.message()).contains("null value in column \"email\"");
            })
        // The server says the whole row in its details.
        .noneSatisfy(it -> assertThat(it.message()).contains("Failing row"))
        .noneSatisfy(it -> assertThat(it.statement()).contains("'z'"))
        .noneSatisfy(it -> assertThat(it.statement()).contains("update"));
  }

  /** Of values that no table takes, another refusal than before is one of the migration. */
  @Test
  void anotherRefusalThanBeforeIsFound(@TempDir Path folder) throws IOException {
    RecordedStatements refused =
        statements(
            "(varchar)",
            "  insert into person (id, team_id, name, kind, email) values (9, 1, 'y', 'a', ?)");
    RehearsalReport report = run(folder, "ALTER TABLE person RENAME kind TO sort", refused);
    assertThat(report.findings())
        .isNotEmpty()
        .allSatisfy(it -> assertThat(it.message()).contains("column \"kind\""));
  }

  @Test
  void statementsOfALiveServerAreTaken(@TempDir Path folder) throws IOException {
    try (TestServer server =
            TestServer.embedded(
                Map.of(
                    "shared_preload_libraries", "pg_stat_statements",
                    "pg_stat_statements.track_utility", "on"));
        TestDatabase live = server.newDatabase()) {
      assertThatThrownBy(() -> RecordedStatements.ofServer(live.dataSource()))
          .isInstanceOf(RehearsalException.class)
          .hasMessageContaining("no extension pg_stat_statements");
      Databases.execute(live, "CREATE SCHEMA odd; CREATE EXTENSION pg_stat_statements SCHEMA odd");
      Arrays.stream(SCHEMA.split(";\n")).forEach(it -> Databases.execute(live, it));
      JdbcTemplate jdbc = new JdbcTemplate(live.dataSource());
      // The server has forgotten it when it ends, and then keeps the text as it was sent.
      jdbc.queryForList("select 'secret', odd.pg_stat_statements_reset()");
      jdbc.queryForList("select odd.pg_stat_statements_reset(), id + 4711 from team");
      jdbc.queryForList("select name from person where code = ? and name <> 'secret'", 1);
      jdbc.queryForList(
          "select name from person where kind = 'a' and '{}'::jsonb ?? 'key' is false");
      jdbc.queryForList("select name from person where now() - interval '1 day' > now()");
      Databases.execute(live, "CREATE ROLE watcher LOGIN PASSWORD 'watcher'");
      Databases.execute(live, "GRANT USAGE ON SCHEMA odd TO watcher");
      assertThat(RecordedStatements.ofServer(as(live)).leftOut())
          .anySatisfy(it -> assertThat(it).contains("of other roles", "pg_read_all_stats"));
      Databases.execute(live, "GRANT pg_read_all_stats TO watcher");
      RecordedStatements taken = RecordedStatements.ofServer(as(live));
      taken.write(folder.resolve("statements/live.txt"));
      String text = Files.readString(folder.resolve("statements/live.txt"));
      assertThat(text)
          .contains("(int4, text)\n  select name from person where code = ? and name <> ?\n")
          .contains("where kind = ? and ?::jsonb ?? ? is false")
          .doesNotContain("secret", "4711", "interval", "CREATE", "$1");
      assertThat(taken.leftOut())
          .anySatisfy(it -> assertThat(it).contains("syntax error").contains("interval $1"))
          .anySatisfy(it -> assertThat(it).contains("are no statements that read or write rows"))
          .anySatisfy(it -> assertThat(it).contains("1 may have values in their text"))
          .noneSatisfy(it -> assertThat(it).containsAnyOf("secret", "4711"));
      Files.createDirectory(folder.resolve("sql"));
      RecordedStatements ofPerson =
          new RecordedStatements(
              taken.statements().stream()
                  .filter(it -> it.sql().contains("name from person"))
                  .toList(),
              List.of());
      RehearsalReport report =
          run(folder.resolve("sql"), "ALTER TABLE person ALTER code TYPE text", ofPerson);
      assertThat(report.findings())
          .isNotEmpty()
          .allSatisfy(it -> assertThat(it.statement()).contains("where code = ?"));
    }
  }

  /** Neither for a lock that somebody has, nor with those of the statements before. */
  @Test
  void aTableThatIsLockedIsNotWaitedFor() throws SQLException {
    try (TestServer server =
            TestServer.embedded(Map.of("shared_preload_libraries", "pg_stat_statements"));
        TestDatabase live = server.newDatabase();
        Connection other = live.dataSource().getConnection()) {
      Databases.execute(live, "CREATE EXTENSION pg_stat_statements");
      Databases.execute(live, SCHEMA);
      Databases.list(live, "SELECT name FROM team");
      Databases.list(live, "SELECT email FROM person");
      other.setAutoCommit(false);
      Sql.execute(other, "LOCK TABLE team IN ACCESS EXCLUSIVE MODE");
      RecordedStatements taken = RecordedStatements.ofServer(Databases.impatient(live));
      assertThat(taken.statements())
          .extracting(RecordedStatement::sql)
          .contains("SELECT email FROM person")
          .doesNotContain("SELECT name FROM team");
      assertThat(taken.leftOut())
          .anySatisfy(
              it -> assertThat(it).contains("due to lock timeout", "SELECT name FROM team"));
      other.rollback();
    }
  }

  private static DataSource as(TestDatabase live) {
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setURL(live.jdbcUrl());
    dataSource.setUser("watcher");
    dataSource.setPassword("watcher");
    return dataSource;
  }
}
