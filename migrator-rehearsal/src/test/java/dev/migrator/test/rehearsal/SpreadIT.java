package dev.migrator.test.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.Migration;
import dev.migrator.check.TableStatistics;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows with the shape of production's, and none of its values. */
class SpreadIT {

  private static final String SCHEMA =
      """
      CREATE TABLE team (id int PRIMARY KEY, name text NOT NULL);
      CREATE TABLE person (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, team_id int REFERENCES team,
        city text NOT NULL, nick text, mail text UNIQUE, joined date NOT NULL);
      """;

  private static final Migration CHANGE =
      Migration.define("change").table("person").addIndex("by_city").on("city");

  @Test
  void rowsAreSpreadAsThoseOfProduction(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("statistics.json");
    try (TestDatabase production = TestPostgres.newDatabase()) {
      Databases.execute(production, SCHEMA);
      Databases.execute(
          production, "INSERT INTO team SELECT i, 'team ' || i FROM generate_series(1, 50) i");
      Databases.execute(
          production,
          """
          INSERT INTO person (team_id, city, nick, mail, joined)
          SELECT CASE WHEN i % 10 < 2 THEN NULL WHEN i % 10 < 7 THEN 7 ELSE i % 50 + 1 END,
                 CASE WHEN i % 10 < 6 THEN 'Secretville' ELSE 'city ' || i % 200 END,
                 CASE WHEN i % 4 = 0 THEN 'nick ' || i END, 'mail' || i, date '2020-01-01' + i % 30
            FROM generate_series(1, 20000) i
          """);
      Databases.execute(production, "ANALYZE");
      TableStatistics.of(production.dataSource()).write(file);
    }
    assertThat(Files.readString(file)).doesNotContain("Secretville", "nick 4", "2020-01");
    try (Rehearsal rehearsal =
            Rehearsal.builder()
                .schemaSql(SCHEMA)
                .declare("change", CHANGE)
                .statistics(TableStatistics.read(file))
                .build();
        TestDatabase made =
            rehearsal.of("change").withRows("team", 50).withRows("person", 20_000).start().copy()) {
      assertShare(made, "city = (SELECT mode() WITHIN GROUP (ORDER BY city) FROM person)", 0.6);
      assertShare(made, "nick IS NULL", 0.75);
      assertShare(made, "team_id IS NULL", 0.2);
      assertShare(
          made, "team_id = (SELECT mode() WITHIN GROUP (ORDER BY team_id) FROM person)", 0.506);
      assertThat(number(made, "SELECT count(DISTINCT city) FROM person")).isBetween(70L, 90L);
      assertThat(number(made, "SELECT count(DISTINCT joined) FROM person")).isEqualTo(30);
      assertThat(number(made, "SELECT count(DISTINCT mail) FROM person")).isEqualTo(20_000);
    }
  }

  private static void assertShare(TestDatabase database, String condition, double share) {
    long rows = number(database, "SELECT count(*) FROM person WHERE " + condition);
    assertThat(rows / 20_000.0).as(condition).isBetween(share - 0.03, share + 0.03);
  }

  private static long number(TestDatabase database, String sql) {
    return Long.parseLong(Databases.value(database, sql));
  }

  @Test
  void statisticsOfAnotherDatabaseAreRefused() {
    TableStatistics other = statistics("18.6", "elsewhere");
    assertThatThrownBy(() -> run(other, 10))
        .isInstanceOf(RehearsalException.class)
        .hasMessageContaining(
            "of another database: they have none of [team, person], but [public.elsewhere]");
    assertThat(run(statistics("9.6", "team"), 10).warnings())
        .anySatisfy(it -> assertThat(it).contains("the statistics have no table person"))
        .anySatisfy(it -> assertThat(it).contains("production has PostgreSQL 9"));
  }

  private static TableStatistics statistics(String server, String table) {
    return new TableStatistics(
        1, server, List.of(new TableStatistics.Table("public", table, 10L, 8192, List.of())));
  }

  private static RehearsalReport run(TableStatistics statistics, long rows) {
    try (Rehearsal rehearsal =
        Rehearsal.builder()
            .schemaSql(SCHEMA)
            .declare("change", CHANGE)
            .statistics(statistics)
            .build()) {
      return rehearsal.of("change").withRows("team", rows).withRows("person", rows).run();
    }
  }
}
