package dev.migrator.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/check.md, and what its statistics mean. */
class SqlCheckExampleIT {

  @TempDir private Path folder;

  private Path statistics;

  @BeforeEach
  void files() throws IOException {
    Files.writeString(
        folder.resolve("20261001_shop.sql"),
        """
        CREATE TABLE orders (id bigint PRIMARY KEY, customer text, total int);
        CREATE TABLE states (id bigint PRIMARY KEY, name text);
        CREATE TABLE fresh (id bigint PRIMARY KEY, name text);
        """);
    Files.writeString(
        folder.resolve("20261101_orders_note.sql"),
        "ALTER TABLE orders ADD note text NOT NULL DEFAULT ''");
    statistics = folder.resolve("statistics.json");
  }

  private void measure() throws SQLException {
    try (TestDatabase production = TestPostgres.newDatabase();
        Connection connection = production.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE orders (id bigint PRIMARY KEY, note text)");
      statement.execute("ALTER TABLE orders ALTER note SET STORAGE EXTERNAL");
      statement.execute(
          "INSERT INTO orders SELECT n, 'a secret of ' || n || repeat('.', 4000) FROM generate_series(1, 8000) n");
      statement.execute("CREATE TABLE states (id bigint PRIMARY KEY)");
      statement.execute("INSERT INTO states VALUES (1), (2)");
      statement.execute("CREATE TABLE parted (id int) PARTITION BY LIST (id)");
      statement.execute("CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1)");
      statement.execute("INSERT INTO parted VALUES (1), (1), (1)");
      statement.execute("ANALYZE");
      TableStatistics.of(production.dataSource()).write(statistics);
    }
  }

  @Test
  void theChangeSetsOfTheNextReleaseAreSafe() throws IOException {
    Files.createDirectories(folder.resolve("db/changelog"));
    Files.writeString(
        folder.resolve("db/changelog/db.changelog-master.yaml"),
        """
        databaseChangeLog:
          - changeSet: {id: 41, author: anna, changes: [sql: CREATE TABLE orders (id int)]}
          - changeSet: {id: 42, author: anna, changes: [sql: ALTER TABLE orders ADD note text]}
        """);
    LiquibaseChangelog changelog =
        LiquibaseChangelog.of(folder, "db/changelog/db.changelog-master.yaml")
            .contexts("production");
    CheckReport report = SqlCheck.changelog(changelog).from("42::anna").run();
    assertThat(report.failures()).as(report.toText()).isEmpty();
    assertThat(report.looked()).hasSize(1);
  }

  @Test
  void theFilesOfTheNextReleaseAreSafe() {
    CheckReport report = SqlCheck.folder(folder).from("20261101_orders_note").run();
    assertThat(report.failures()).as(report.toText()).isEmpty();
    assertThat(report.files()).isEqualTo(1);
    assertThat(report.server()).startsWith("PostgreSQL ");
  }

  @Test
  void statisticsHaveNamesRowsAndBytesAndNoValues() throws Exception {
    measure();
    assertThat(Files.readString(statistics)).doesNotContain("secret").contains("\"orders\"");
    TableStatistics read = TableStatistics.read(statistics);
    assertThat(read.tables())
        .extracting(TableStatistics.Table::name)
        .containsExactly("orders", "parted", "parted_1", "states");
    assertThat(read.byName().get("public.orders").rows()).isEqualTo(8000);
    assertThat(read.byName().get("public.orders").bytes()).isGreaterThan(20_000_000L);
    assertThat(read.byName().get("public.parted").rows()).isEqualTo(3);
  }

  @Test
  void aFindingSaysWhatItMeansInProduction() throws Exception {
    measure();
    Files.writeString(
        folder.resolve("20261102_types.sql"),
        """
        ALTER TABLE orders ALTER total TYPE bigint;
        ALTER TABLE states ALTER name TYPE varchar(20);
        ALTER TABLE fresh ALTER name TYPE varchar(20);
        """);
    CheckReport report =
        SqlCheck.folder(folder).from("20261101_orders_note").statistics(statistics).run();
    assertThat(report.notes()).isEmpty();
    Finding large = only(report, Rule.TABLE_REWRITE, "public.orders");
    assertThat(large.level()).isEqualTo(Level.ERROR);
    assertThat(large.volume().rows()).isEqualTo(8000);
    assertThat(large.volume().seconds()).isGreaterThan(1);
    assertThat(report.toText()).contains("about 8,000 rows").contains(" s, by default rates");
    // Two rows are written anew in no time.
    assertThat(only(report, Rule.TABLE_REWRITE, "public.states").level()).isEqualTo(Level.WARN);
    // Production does not have it yet.
    assertThat(report.findings()).noneMatch(it -> "public.fresh".equals(it.table()));
  }

  private static Finding only(CheckReport report, Rule rule, String table) {
    assertThat(report.findings())
        .as(report.toText())
        .filteredOn(it -> it.rule() == rule && table.equals(it.table()))
        .hasSize(1);
    return report.findings().stream()
        .filter(it -> it.rule() == rule && table.equals(it.table()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void statisticsOfAnotherDatabaseAreNamed() throws Exception {
    Files.writeString(
        statistics,
        "{\"format\":1,\"server\":\"9.6\",\"tables\":[{\"schema\":\"public\",\"name\":\"cats\",\"rows\":1,\"bytes\":8192}]}");
    CheckReport report = SqlCheck.folder(folder).statistics(statistics).run();
    assertThat(report.notes())
        .anyMatch(it -> it.contains("may be of another database"))
        .anyMatch(it -> it.contains("the statistics are of PostgreSQL 9.6"));
  }
}
