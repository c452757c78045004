package dev.migrator.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The check as a whole: order, transactions, allowances, and what is no SQL. */
class SqlCheckIT {

  @TempDir private Path folder;

  private Path file(String name, String sql) throws IOException {
    return Files.writeString(folder.resolve(name), sql);
  }

  private SqlCheck check(String sql) throws IOException {
    file(
        "20260101_shop.sql",
        "CREATE TABLE orders (id bigint PRIMARY KEY, a int, b text);\nCREATE TABLE users (id bigint PRIMARY KEY);");
    file("20260102_next.sql", sql);
    return SqlCheck.folder(folder).root(folder).from("20260102_next");
  }

  private static List<String> places(CheckReport report) {
    return report.findings().stream()
        .map(it -> "%d:%d %s".formatted(it.line(), it.column(), it.rule().id()))
        .toList();
  }

  @Test
  void whatIsNoSqlIsNamedAndTheCheckGoesOn() throws IOException {
    CheckReport report =
        check(
                """
                \\connect shop
                ALTER TABLE orders ADD c int,, d int;
                SELECT 'a string that does not end;
                CREATE INDEX i ON orders (a);
                CREATE TABLE half (id int;
                COPY users FROM stdin;
                1;2
                \\.
                  CREATE INDEX j ON orders (b);
                """)
            .run();
    assertThat(places(report))
        .containsExactly(
            "1:1 unreadable",
            "2:30 unreadable",
            "3:8 unreadable",
            "4:1 index-build-blocking",
            "5:26 unreadable",
            "9:3 index-build-blocking");
    assertThat(report.findings().get(0).message()).contains("\\connect is a command of psql");
    assertThat(report.findings().get(1).message()).contains("syntax error");
    assertThat(report.findings()).allMatch(it -> it.file().equals("20260102_next.sql"));
    assertThat(report.notes()).anyMatch(it -> it.contains("1 statements that bring rows"));
  }

  @Test
  void binaryFilesAndNamesWithoutAVersionAreFindings() throws IOException {
    Files.write(folder.resolve("20260103_dump.sql"), new byte[] {'P', 'G', 0, 1});
    Files.write(folder.resolve("20260104_latin.sql"), new byte[] {'-', '-', (byte) 0xE4, '\n'});
    file("later.sql", "SELECT 1");
    CheckReport report = check("SELECT 1").run();
    assertThat(report.findings()).extracting(Finding::rule).containsOnly(Rule.UNREADABLE);
    assertThat(report.findings())
        .extracting(Finding::message)
        .satisfiesExactlyInAnyOrder(
            it -> assertThat(it).contains("NUL"),
            it -> assertThat(it).contains("not UTF-8"),
            it -> assertThat(it).contains("does not say its version"));
  }

  @Test
  void scriptsOfManyRowsAreBounded() throws IOException {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      rows.append("INSERT INTO orders (id, b) VALUES (").append(i).append(", 'text; of ''it');\n");
    }
    rows.append("INSERT INTO users VALUES (1)");
    for (int i = 2; i < 100_000; i++) {
      rows.append(", (").append(i).append(')');
    }
    rows.append(";\nUPDATE orders SET b = 'x' WHERE id = 19999;\nCREATE INDEX i ON orders (a);");
    CheckReport report = check(rows.toString()).run();
    assertThat(report.notes()).anyMatch(it -> it.contains("19,901 statements"));
    assertThat(places(report)).containsExactly("20003:1 index-build-blocking");
  }

  /** Of what has no partner, it says which. */
  @Test
  void aMergeWithAConditionIsNoError() throws IOException {
    String merge =
        "MERGE INTO orders USING (VALUES (1)) AS v (id) ON v.id = orders.id WHEN NOT MATCHED BY SOURCE %sTHEN DELETE;\n";
    assertThat(check(merge.formatted("AND a = 1 ") + merge.formatted("")).run().findings())
        .extracting(Finding::level)
        .containsExactly(Level.WARN, Level.ERROR);
  }

  /** As what fills a table in parts. */
  @Test
  void whatCommitsByItselfRunsWithoutATransaction() throws IOException {
    String block = "DO $$ BEGIN DELETE FROM orders WHERE id < 9; COMMIT; END $$;\nSELECT 1/0;\n";
    assertThat(check("-- migrator: no-transaction\n" + block).run().findings())
        .extracting(it -> "%d %s".formatted(it.line(), it.rule().id()))
        .containsExactly("2 not-understood", "3 will-fail");
    assertThat(places(check(block).run())).containsExactly("1:1 will-fail", "2:1 will-fail");
  }

  /** To see which rows it changes, the check runs it again. */
  @Test
  void numbersOfRowsAreThoseOfOneRun() throws IOException {
    file(
        "20260101_first.sql",
        """
        CREATE TABLE customers (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text);
        CREATE TABLE notes (customer_id bigint NOT NULL REFERENCES customers);
        """);
    file(
        "20260102_rows.sql",
        """
        DO $$ BEGIN INSERT INTO customers (name) VALUES ('x'); END $$;
        INSERT INTO notes VALUES (1);
        DO $$ BEGIN INSERT INTO customers (name) VALUES ('y'); END $$;
        DELETE FROM notes WHERE customer_id = 1;
        DO $$ BEGIN INSERT INTO notes VALUES (2); END $$;
        """);
    CheckReport report = SqlCheck.folder(folder).root(folder).from("20260102_rows").run();
    assertThat(report.findings()).as(report.toText()).isEmpty();
  }

  @Test
  void whatOneTransactionDoesTogetherIsAFinding() throws IOException {
    CheckReport report =
        check(
                """
                ALTER TABLE orders ADD CONSTRAINT c CHECK (a > 0) NOT VALID;
                ALTER TABLE orders VALIDATE CONSTRAINT c;
                ALTER TABLE users ADD c int;
                UPDATE users SET c = 1 WHERE id = 1;
                """)
            .run();
    assertThat(places(report))
        .containsExactly(
            "1:1 constraint-added", "2:1 scan-under-exclusive", "3:1 lock-queue", "4:1 lock-queue");
    CheckReport apart =
        check(
                """
                -- migrator: no-transaction
                ALTER TABLE orders ADD CONSTRAINT c CHECK (a > 0) NOT VALID;
                ALTER TABLE orders VALIDATE CONSTRAINT c;
                """)
            .run();
    assertThat(places(apart)).containsExactly("2:1 constraint-added");
  }

  @Test
  void whatIsAllowedPassesUntilItsDay() throws IOException {
    String sql =
        """
        -- migrator: allow index-build-blocking "twelve rows, and they stay that few" until 2026-12-31
        -- migrator: allow table-rewrite "never needed"
        CREATE INDEX i ON orders (a);
        """;
    CheckReport before = check(sql).today(LocalDate.of(2026, 12, 31)).run();
    assertThat(before.isSafe()).isTrue();
    assertThat(before.findings().get(0).allowed()).contains("twelve rows");
    assertThat(places(before)).containsExactly("3:1 index-build-blocking", "2:1 allowance-unused");
    assertThat(before.toText()).doesNotContain("CREATE INDEX:").contains("1 allowed");
    CheckReport after = check(sql).today(LocalDate.of(2027, 1, 1)).run();
    assertThat(after.isSafe()).isFalse();
    assertThat(places(after))
        .containsExactly(
            "3:1 index-build-blocking", "1:1 allowance-expired", "2:1 allowance-unused");
  }

  @Test
  void aDirectiveThatIsNoneIsAFinding() throws IOException {
    CheckReport report = check("-- migrator: alow x\nSELECT 1").run();
    assertThat(places(report)).containsExactly("1:1 unreadable");
    // What the engine looks for is allowed until a day only.
    assertThat(check("-- migrator: allow column-removed \"why\"\nSELECT 1").run().findings())
        .extracting(Finding::message)
        .first()
        .asString()
        .contains("until a day only");
  }

  @Test
  void levelsCanBeSet() throws IOException {
    String sql = "CREATE INDEX i ON orders (a); DROP TRIGGER IF EXISTS x ON orders;";
    assertThat(check(sql).level(Rule.INDEX_BUILD_BLOCKING, Level.WARN).run().isSafe()).isTrue();
    assertThat(check(sql).level(Rule.INDEX_BUILD_BLOCKING, Level.OFF).run().findings())
        .noneMatch(it -> it.rule() == Rule.INDEX_BUILD_BLOCKING);
  }

  @Test
  void aFileThatWaitsForOlderReleasesMayTakeAway() throws IOException {
    assertThat(places(check("ALTER TABLE orders DROP a").run()))
        .containsExactly("1:1 column-removed");
    assertThat(check("-- migrator: contract\nALTER TABLE orders DROP a").run().findings())
        .isEmpty();
  }

  /** Without a first file, each is judged as if those before it had run. */
  @Test
  void everyFileIsJudgedIfNobodySaysWhichHaveRun() throws IOException {
    check("CREATE INDEX i ON orders (a)");
    CheckReport report = SqlCheck.folder(folder).root(folder).run();
    assertThat(report.files()).isEqualTo(2);
    assertThat(places(report)).containsExactly("1:1 index-build-blocking");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SqlCheck.folder(folder).from("20990101_x").run())
        .withMessageContaining("no file has the id");
    file("R__names.sql", "CREATE VIEW names AS SELECT 1 AS name");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SqlCheck.folder(folder).from("20990101_x").run())
        .withMessageContaining("no file has the id");
  }

  /** What the same release makes is used by nobody. */
  @Test
  void tablesOfTheSameReleaseAreFree() throws IOException {
    file("20260103_b.sql", "CREATE INDEX i ON items (id); ALTER TABLE items ALTER id TYPE bigint;");
    CheckReport report = check("CREATE TABLE items (id int)").run();
    assertThat(report.findings()).isEmpty();
  }

  @Test
  void rolesOfProductionAreMadeAndExtensionsAreNot() throws IOException {
    CheckReport report =
        check(
                """
                GRANT SELECT ON orders TO nobody_of_production, nor_this_one, nor_that_one;
                CREATE EXTENSION an_extension_of_production;
                CREATE TABLE shapes (g a_type_of_it);
                """)
            .run();
    assertThat(places(report)).containsExactly("2:1 not-understood", "3:1 not-understood");
    assertThat(report.isSafe()).isTrue();
  }

  @Test
  void anEmptyDatabaseOfOnesOwnIsTaken() throws Exception {
    SqlCheck check = check("CREATE INDEX i ON orders (a)");
    try (TestDatabase database = TestPostgres.newDatabase()) {
      assertThat(places(check.on(database.dataSource()).run()))
          .containsExactly("1:1 index-build-blocking");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> check.on(database.dataSource()).run())
          .withMessageContaining("takes an empty one only");
      try (Connection connection = database.dataSource().getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("SELECT * FROM orders");
      }
    }
  }

  @Test
  void theSafeStatementsHaveTheNamesOfTheFile() throws IOException {
    String check = "ALTER TABLE orders ADD CONSTRAINT c CHECK (b <> '\"')";
    assertThat(check(check).reading().run().findings().get(0).safe())
        .startsWith(
            "ALTER TABLE orders ADD CONSTRAINT c CHECK (b <> '\"') NOT VALID;",
            "ALTER TABLE orders VALIDATE CONSTRAINT c;")
        .contains("or by the builder: .table(\"orders\").addCheck(\"c\", \"b <> '\\\"'\")");
    String other = "DROP TABLE shop.\"an \"\"item\"\"\"";
    assertThat(check(other).reading().run().findings().get(0).safe())
        .contains(
            "or by the builder: .table(\"shop\", \"an \\\"item\\\"\").dropTable(), which retires it first");
    String key = "ALTER TABLE orders ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES users (id)";
    assertThat(check(key).reading().run().findings().get(0).safe())
        .startsWith(
            "ALTER TABLE orders ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES users (id) NOT VALID;")
        .contains(
            "or by the builder: .table(\"orders\").addForeignKey(\"k\", \"a\").references(\"users\", \"id\")");
    String unique = "ALTER TABLE orders ADD UNIQUE (a, b)";
    assertThat(check(unique).reading().run().findings().get(0).safe())
        .startsWith(
            "CREATE UNIQUE INDEX CONCURRENTLY orders_a_b_key ON orders (a, b);",
            "ALTER TABLE orders ADD CONSTRAINT orders_a_b_key UNIQUE USING INDEX orders_a_b_key;")
        .contains(
            "or by the builder: .table(\"orders\").addUnique(\"orders_a_b_key\", \"a\", \"b\")");
    assertThat(
            check("CREATE INDEX i ON orders (lower(b)) WHERE a > 0")
                .reading()
                .run()
                .findings()
                .get(0)
                .safe())
        .contains(
            "or by the builder: .table(\"orders\").addIndex(\"i\").onExpressions(\"lower(b)\").where(\"a > 0\")");
  }

  /** And all that the file says: what says less is another constraint. */
  @Test
  void theSafeStatementsLeaveNothingOut() throws IOException {
    String unique =
        "ALTER TABLE orders ADD CONSTRAINT u UNIQUE NULLS NOT DISTINCT (a) INCLUDE (b) DEFERRABLE";
    assertThat(check(unique).reading().run().findings().get(0).safe())
        .startsWith(
            "CREATE UNIQUE INDEX CONCURRENTLY u ON orders (a) INCLUDE (b) NULLS NOT DISTINCT;",
            "ALTER TABLE orders ADD CONSTRAINT u UNIQUE USING INDEX u DEFERRABLE;")
        .noneMatch(it -> it.contains("addUnique"));
    String temporal = "ALTER TABLE orders ADD UNIQUE (a, b WITHOUT OVERLAPS)";
    assertThat(check(temporal).reading().run().findings().get(0).safe())
        .noneMatch(it -> it.endsWith(";") || it.contains("addUnique"))
        .anyMatch(it -> it.startsWith("there is no way beside the application"));
    String key =
        "ALTER TABLE orders ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES users (id) ON DELETE CASCADE";
    assertThat(check(key).reading().run().findings().get(0).safe())
        .contains(
            "or by the builder: .table(\"orders\").addForeignKey(\"k\", \"a\").references(\"users\", \"id\")…");
    String index = "CREATE UNIQUE INDEX i ON orders (a) WHERE b > 0";
    assertThat(check(index).reading().run().findings().get(0).safe())
        .contains(
            "or by the builder: .table(\"orders\").addIndex(\"i\").on(\"a\").unique().where(\"b > 0\")");
    String renamed = "ALTER TABLE orders RENAME a TO \"New name\"";
    assertThat(check(renamed).reading().run().findings().get(0).safe())
        .contains("or by the builder: .table(\"orders\").renameColumn(\"a\", \"New name\")");
  }

  /** Nobody uses a new table, whatever had its name before. */
  @Test
  void aTableInThePlaceOfAnotherOneIsNew() throws IOException {
    String sql =
        "ALTER TABLE orders RENAME TO old_orders; CREATE TABLE orders (a int); CREATE INDEX i ON orders (a); CREATE INDEX j ON old_orders (a)";
    for (SqlCheck it : List.of(check(sql), check(sql).reading())) {
      assertThat(it.run().findings())
          .filteredOn(finding -> finding.rule() == Rule.INDEX_BUILD_BLOCKING)
          .extracting(Finding::table)
          .containsExactly("public.old_orders");
    }
  }

  /** What locks less takes away the same, and the engine would refuse it again. */
  @Test
  void whatIsTakenAwayIsNotSafeByOtherLocks() throws IOException {
    for (String sql :
        List.of(
            "ALTER TABLE orders ADD CONSTRAINT c CHECK (a > 0)",
            "ALTER TABLE orders ADD CONSTRAINT c CHECK (a > 0) NOT VALID",
            "ALTER TABLE orders ADD UNIQUE (a)",
            "ALTER TABLE orders ALTER a SET NOT NULL",
            "CREATE UNIQUE INDEX CONCURRENTLY i ON orders (a)")) {
      assertThat(check(sql).run().findings())
          .filteredOn(it -> it.rule() == Rule.CONSTRAINT_ADDED || it.rule() == Rule.NOT_NULL)
          .as(sql)
          .isNotEmpty()
          .flatExtracting(Finding::safe)
          .noneMatch(it -> it.toString().endsWith(";"))
          .anyMatch(it -> it.toString().startsWith("in phases: "));
    }
  }

  @Test
  void theSafeStatementsAreThoseOfTheVersion() throws IOException {
    String sql = "ALTER TABLE orders ALTER a SET NOT NULL";
    List<String> newest = check(sql).reading().version(18).run().findings().get(0).safe();
    List<String> older = check(sql).reading().version(17).run().findings().get(0).safe();
    assertThat(newest)
        .contains(
            "ALTER TABLE orders ADD CONSTRAINT orders_a_not_null NOT NULL a NOT VALID;",
            "ALTER TABLE orders VALIDATE CONSTRAINT orders_a_not_null;");
    assertThat(older)
        .contains(
            "ALTER TABLE orders ADD CONSTRAINT orders_a_not_null CHECK (a IS NOT NULL) NOT VALID;",
            "ALTER TABLE orders ALTER COLUMN a SET NOT NULL;",
            "ALTER TABLE orders DROP CONSTRAINT orders_a_not_null;");
  }
}
