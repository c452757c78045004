package dev.migrator.test.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.support.GeneratedKeyHolder;

class StatementRecorderIT {

  @TempDir private Path folder;

  private TestDatabase database;

  @BeforeEach
  void createDatabase() {
    database = TestPostgres.newDatabase();
    Databases.execute(
        database,
        """
        CREATE TYPE mood AS ENUM ('good', 'bad');
        CREATE TABLE person (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, mood mood,
          tags text[], token uuid, born date, seen timestamptz, data jsonb)
        """);
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  private Path file(String name) {
    return folder.resolve("statements").resolve(name);
  }

  private static String recorded(StatementRecorder recorder, Path file) throws IOException {
    recorder.close();
    return Files.readString(file);
  }

  @Test
  void whatReadsOrWritesRowsIsRecordedOnce() throws IOException, SQLException {
    StatementRecorder recorder = StatementRecorder.to(file("once"));
    DataSource dataSource = recorder.wrap(database.dataSource());
    JdbcTemplate jdbc = new JdbcTemplate(dataSource);
    for (long id : new long[] {1, 2, 3}) {
      jdbc.queryForList("select name from person\n where id = ?", id);
    }
    jdbc.batchUpdate(
        "insert into person (name, token) values (?, ?)",
        List.of(
            new Object[] {"Ada", UUID.randomUUID()}, new Object[] {"Grace", UUID.randomUUID()}));
    jdbc.update(
        connection -> {
          var insert =
              connection.prepareStatement(
                  "insert into person (name, born, seen) values (?, ?, ?)", new String[] {"id"});
          insert.setString(1, "Joan");
          insert.setNull(2, java.sql.Types.DATE);
          insert.setTimestamp(3, new Timestamp(0));
          return insert;
        },
        new GeneratedKeyHolder());
    jdbc.queryForList("select count(*) from person");
    jdbc.queryForList("select count(*) from person where name = 'secret'");
    jdbc.query(
        connection ->
            connection.prepareStatement("select * from person where name = 'also secret'"),
        (rs, i) -> i);
    jdbc.queryForList("select * from person where data ?? 'a' and id > ?", 0);
    jdbc.queryForList("select 1 where 'x' = ? -- " + "x".repeat(Recording.MOST_LENGTH), "x");
    jdbc.execute("CREATE TABLE other (id int)");
    jdbc.execute("SET statement_timeout = 0");
    assertThatThrownBy(() -> jdbc.queryForList("select nothing from person where id = ?", 1))
        .hasMessageContaining("nothing");
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try (var delete = connection.prepareStatement("delete from person where mood = ?")) {
        assertThat(delete.getConnection()).isSameAs(connection);
        delete.setObject(1, "bad", java.sql.Types.OTHER);
        delete.executeUpdate();
        delete.setObject(1, null);
        delete.executeUpdate();
      }
      connection.rollback();
      assertThat(connection.unwrap(PGConnection.class).getBackendPID()).isPositive();
    }
    assertThat(recorded(recorder, file("once")))
        .isEqualTo(
            """
            # statements of an application, form 1
            (unknown)
              delete from person where mood = ?
            (varchar, unknown, unknown) keys id
              insert into person (name, born, seen) values (?, ?, ?)
            (varchar, uuid)
              insert into person (name, token) values (?, ?)
            (int4)
              select * from person where data ?? 'a' and id > ?
            ()
              select count(*) from person
            (int8)
              select name from person
               where id = ?
            """);
  }

  @Test
  void valuesAreRecordedOnRequestAndStay() throws IOException {
    StatementRecorder recorder = StatementRecorder.to(file("values")).withValues();
    JdbcTemplate jdbc = new JdbcTemplate(recorder.wrap(database.dataSource()));
    jdbc.update("insert into person (name, token) values (?, ?)", "a\tb\\N\n", null);
    jdbc.update("insert into person (name, token) values (?, ?)", "second", UUID.randomUUID());
    jdbc.queryForList("select name from person where name = 'secret'");
    String first = recorded(recorder, file("values"));
    assertThat(first)
        .contains(
            "(varchar, uuid)\n  insert into person (name, token) values (?, ?)\n=a\\tb\\\\N\\n\t\\N\n")
        .contains("'secret'");
    assertThat(RecordedStatements.of(file("values")).statements())
        .anySatisfy(it -> assertThat(it.values()).containsExactly("a\tb\\N\n", null));

    // As another JVM does that has recorded other values, and other statements.
    Path edited = file("edited");
    Files.writeString(edited, first.replace("=a\\tb\\\\N\\n", "=kept"));
    StatementRecorder other = StatementRecorder.to(edited).withValues();
    JdbcTemplate otherJdbc = new JdbcTemplate(other.wrap(database.dataSource()));
    otherJdbc.update("insert into person (name, token) values (?, ?)", "third", null);
    otherJdbc.queryForList("select 1 from person");
    assertThat(recorded(other, edited))
        .contains("=kept\t\\N\n", "'secret'", "select 1 from person")
        .doesNotContain("third");
  }

  /** The library, and what makes a schema, are not the application. */
  @Test
  void whatToolsSendIsLeftOut() throws IOException {
    StatementRecorder recorder = StatementRecorder.to(file("tools")).withValues();
    DataSource dataSource = recorder.wrap(database.dataSource());
    new ResourceDatabasePopulator(
            new ByteArrayResource("insert into person (name) values ('script')".getBytes()))
        .execute(dataSource);
    Migration rename = Migration.define("m").table("person").renameColumn("name", "full_name");
    try (Migrator migrator = Migrator.builder(dataSource).declare("m", rename).build()) {
      migrator.migrate();
    }
    new JdbcTemplate(dataSource).queryForList("select full_name from person where id = ?", 1L);
    assertThat(recorded(recorder, file("tools")).lines().skip(1))
        .containsExactly("(int8)", "  select full_name from person where id = ?", "=1");
  }

  @Test
  void manyThreadsMakeOneFile() throws IOException {
    StatementRecorder recorder = StatementRecorder.to(file("threads"));
    JdbcTemplate jdbc = new JdbcTemplate(recorder.wrap(database.dataSource()));
    List<String> statements =
        IntStream.range(0, 20)
            .mapToObj("select name as n%d from person where id = ?"::formatted)
            .toList();
    IntStream.range(0, 200)
        .parallel()
        .forEach(
            i -> {
              // Which type comes first is chance; that there are two is not.
              Object id = (i % 40 < 20) ? (Object) Long.valueOf(i) : Integer.valueOf(i);
              jdbc.queryForList(statements.get(i % 20), id);
              if (i % 20 == 7) {
                recorder.close();
              }
            });
    recorder.close();
    assertThat(RecordedStatements.of(file("threads")).statements())
        .extracting(RecordedStatement::sql)
        .containsExactlyElementsOf(statements.stream().sorted().toList());
    assertThat(RecordedStatements.of(file("threads")).statements())
        .allSatisfy(it -> assertThat(it.types()).containsExactly("unknown"));
  }

  @Test
  void whatIsNoSuchFileIsSaid() throws IOException {
    assertThatThrownBy(() -> RecordedStatements.of(folder.resolve("none")))
        .isInstanceOf(RehearsalException.class)
        .hasMessageContaining("StatementRecorder.to(…)");
    Path other = Files.writeString(folder.resolve("other"), "select 1");
    assertThatThrownBy(() -> RecordedStatements.of(other))
        .hasMessageContaining("is no file of recorded statements");
    Path broken =
        Files.writeString(
            folder.resolve("broken"), StatementsFile.HEAD + "\n(int4)\n  select ?\n=1\t2\n");
    assertThatThrownBy(() -> RecordedStatements.of(broken))
        .hasMessageContaining("broken, line 4: 2 values of 1 parameters");
  }
}
