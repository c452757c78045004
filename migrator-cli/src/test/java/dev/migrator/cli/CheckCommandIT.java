package dev.migrator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.internal.json.Json;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;

/** The commands check and stats, as a shell gives them. */
class CheckCommandIT {

  private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

  @TempDir Path folder;

  @BeforeEach
  void files() throws IOException {
    write("20260101_shop.sql", "CREATE TABLE orders (id bigint PRIMARY KEY, ${column} int)");
    write("20260102_index.sql", "CREATE INDEX i ON orders (a)");
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void anUnsafeStatementEndsWithOne() {
    Run run = Run.of("check", "-f", folder, "-p", "column=a");
    assertThat(run.code()).as(run.err()).isEqualTo(1);
    assertThat(run.out())
        .contains("20260102_index.sql:1:1: error [index-build-blocking] CREATE INDEX")
        .contains("lock: SHARE on public.orders (measured)")
        .contains("safe: CREATE INDEX CONCURRENTLY i ON orders (a);")
        .contains("2 files, 2 statements, tried on PostgreSQL");
    Run from = Run.of("check", "-f", folder, "-p", "column=a", "--from", "20260103_x");
    assertThat(from.code()).isEqualTo(1);
    assertThat(from.err()).contains("no file has the id");
  }

  @Test
  void levelsAndSafeFilesEndWithZero() throws IOException {
    Object[] args = {
      "check", "-f", folder, "-p", "column=a", "--level", "index-build-blocking=warn"
    };
    assertThat(Run.of(args).code()).isZero();
    Run unknown = Run.of("check", "-f", folder, "--level", "nothing=warn");
    assertThat(unknown.code()).isEqualTo(1);
    assertThat(unknown.err()).contains("there is no rule \"nothing\"");
    assertThat(Run.of("check", "--format", "XML").code()).isEqualTo(2);
  }

  @Test
  void filesOfAnyNameAreReadWithoutAServer() throws IOException {
    Path file = write("any name.sql", "VACUUM FULL orders");
    Path report = folder.resolve("report.json");
    Run run = Run.of("check", file, "--read", "--format", "JSON", "-o", report);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).contains("[table-rewrite] VACUUM FULL").contains("only read");
    assertThat(Json.read(Files.readString(report), MAP)).containsEntry("safe", false);
  }

  @Test
  void aChangelogIsReadWhereverItIsNamedFrom() throws IOException {
    Path changelog =
        write(
            "main.yaml",
            """
            databaseChangeLog:
              - include: {file: shop.sql}
              - changeSet:
                  id: 2
                  author: anna
                  labels: later
                  changes:
                    - dropColumn: {tableName: orders, columnName: a}
            """);
    write(
        "shop.sql",
        "--liquibase formatted sql\n--changeset anna:1\nCREATE TABLE orders (id bigint, ${column} int);");
    String finding = "main.yaml:3:1: error [column-removed] change set 2 by anna: ALTER TABLE";
    Run byPath = Run.of("check", "--changelog", changelog, "-p", "column=a");
    assertThat(byPath.out()).as(byPath.err()).contains(finding);
    assertThat(byPath.code()).isEqualTo(1);
    Object[] named = {
      "check", "--changelog", "classpath:/main.yaml", "--resources", folder, "-p", "column=a"
    };
    assertThat(Run.of(named).out()).contains(finding);
    Run other = Run.of("check", "--changelog", changelog, "-p", "column=a", "--labels", "!later");
    assertThat(other.code()).as(other.out()).isZero();
    Run none = Run.of("check", "--changelog", folder.resolve("none.xml"));
    assertThat(none.err()).contains("there is no changelog");
    assertThat(none.code()).isEqualTo(1);
  }

  @Test
  void statsOfADatabaseSayWhatAFindingMeans() throws IOException {
    Path stats = folder.resolve("stats.json");
    try (TestDatabase database = TestPostgres.newDatabase()) {
      JdbcClient jdbc = JdbcClient.create(database.dataSource());
      jdbc.sql("CREATE TABLE orders AS SELECT n AS id, n AS a FROM generate_series(1, 5000) n")
          .update();
      jdbc.sql("ANALYZE orders").update();
      Object[] args = {
        "stats",
        "--url",
        database.jdbcUrl(),
        "--user",
        database.username(),
        "--password=" + database.password(),
        "-o",
        stats
      };
      assertThat(Run.of(args)).satisfies(it -> assertThat(it.code()).as(it.err()).isZero());
    }
    Run run = Run.of("check", "-f", folder, "-p", "column=a", "--stats", stats);
    assertThat(run.code()).as(run.out()).isZero();
    assertThat(run.out()).contains("warning [index-build-blocking]").contains("about 5,000 rows");
    Run none = Run.of("check", "-f", folder, "--stats", folder.resolve("20260101_shop.sql"));
    assertThat(none.code()).isEqualTo(1);
    assertThat(none.err()).contains("is no statistics file");
  }

  @Test
  void anEmptyDatabaseIsTakenAndAUsedOneIsNot() {
    try (TestDatabase database = TestPostgres.newDatabase()) {
      Object[] args = {
        "check",
        "-f",
        folder,
        "-p",
        "column=a",
        "--url",
        database.jdbcUrl(),
        "--user",
        database.username(),
        "--password=" + database.password()
      };
      assertThat(Run.of(args).out()).contains("1 errors");
      assertThat(Run.of(args).err()).contains("takes an empty one only");
    }
  }
}
