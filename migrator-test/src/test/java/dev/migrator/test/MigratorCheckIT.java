package dev.migrator.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.migrator.test.CheckFinding.Rule;
import dev.migrator.test.CheckedStatement.Lock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the check says of statements is what the server does. */
class MigratorCheckIT {

  private static final String SHOP =
      """
      -- what runs in production; not a statement
      CREATE TABLE customers (id int PRIMARY KEY, name text, born date);
      CREATE TABLE orders (id int PRIMARY KEY, customer_id int, state varchar(10), total int);
      INSERT INTO customers SELECT n, 'name; ' || n, NULL FROM generate_series(1, 100) n;
      """;

  @TempDir private Path folder;

  private TestDatabase database;

  @BeforeEach
  void createDatabase() {
    database = TestPostgres.newDatabase();
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  private Path file(String name, String sql) throws IOException {
    return Files.writeString(folder.resolve(name), sql);
  }

  private List<CheckedStatement> check(String sql) throws IOException {
    return MigratorCheck.on(database).before(file("1.sql", SHOP)).check(file("2.sql", sql));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ALTER TABLE orders ALTER id TYPE bigint                                      | REWRITES",
        "ALTER TABLE orders ADD note uuid DEFAULT gen_random_uuid()                   | REWRITES",
        "ALTER TABLE orders ADD CHECK (total > 0)                                     | SCANS",
        "ALTER TABLE customers ALTER name SET NOT NULL                                | SCANS,NARROWS",
        "ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers        | SCANS",
        "CREATE INDEX of_customer ON orders (customer_id)                             | BUILDS",
        "ALTER TABLE orders ADD UNIQUE (customer_id)                                  | BUILDS",
        "ALTER TABLE orders DROP COLUMN total                                         | REMOVES",
        "ALTER TABLE orders RENAME COLUMN total TO amount                             | REMOVES",
        "ALTER TABLE orders RENAME TO purchases                                       | REMOVES",
        "DROP TABLE orders                                                            | REMOVES",
        "SELECT nothing                                                               | FAILS"
      })
  void whatIsUnsafeIsFound(String sql, String rules) throws IOException {
    CheckedStatement checked = check(sql).get(0);
    assertThat(checked.findings())
        .as("%s", checked)
        .extracting(it -> it.rule().name())
        .containsExactlyInAnyOrder(rules.split(","));
    assertThat(checked.findings()).allMatch(it -> !it.safeWay().isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ALTER TABLE orders ALTER state TYPE varchar(20)",
        "ALTER TABLE orders ADD note text NOT NULL DEFAULT 'none'",
        "ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT VALID",
        "CREATE INDEX CONCURRENTLY of_customer ON orders (customer_id)",
        "CREATE TABLE items (id int PRIMARY KEY, order_id int)",
        "UPDATE customers SET name = 'nobody' WHERE id = 1"
      })
  void whatIsSafeIsNot(String sql) throws IOException {
    assertThat(check(sql)).flatExtracting(CheckedStatement::findings).isEmpty();
  }

  @Test
  void theLocksAreThoseThatWereReallyTaken() throws IOException {
    List<CheckedStatement> checked =
        check(
            """
            ALTER TABLE orders ADD note text;
            ALTER TABLE orders ADD CONSTRAINT k FOREIGN KEY (customer_id) REFERENCES customers NOT VALID;
            ALTER TABLE orders VALIDATE CONSTRAINT k;
            """);
    assertThat(checked.get(0).locks())
        .containsExactly(new Lock("public.orders", "AccessExclusiveLock"));
    assertThat(checked.get(1).locks())
        .contains(
            new Lock("public.customers", "ShareRowExclusiveLock"),
            new Lock("public.orders", "ShareRowExclusiveLock"));
    assertThat(checked.get(2).locks()).noneMatch(Lock::blocksWrites);
    assertThat(checked).extracting(CheckedStatement::line).containsExactly(1, 2, 3);
  }

  /** Nobody uses a table yet that the same release makes. */
  @Test
  void whatIsDoneToANewTableIsNoFinding() throws IOException {
    assertThat(
            check(
                """
                CREATE TABLE items (id int, order_id int);
                CREATE INDEX of_order ON items (order_id);
                ALTER TABLE items ALTER id TYPE bigint, ADD PRIMARY KEY (id);
                """))
        .flatExtracting(CheckedStatement::findings)
        .isEmpty();
  }

  @Test
  void aStatementThatFailsDoesNotKeepTheOthers() throws IOException {
    List<CheckedStatement> checked =
        check(
            """
            CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $f$ BEGIN RETURN 1; END $f$;
            /* a comment; with a semicolon */ SELECT no_such_function();
            DROP TABLE orders; -- the end
            """);
    assertThat(checked).extracting(it -> it.error() == null).containsExactly(true, false, true);
    assertThat(checked.get(1).findings().get(0).rule()).isEqualTo(Rule.FAILS);
    assertThat(checked.get(2).findings().get(0).message()).contains("public.orders is gone");
  }

  @Test
  void whatShouldHaveRunBeforeMustRun() throws IOException {
    MigratorCheck check = MigratorCheck.on(database).before(file("1.sql", "SELECT nothing"));
    Path file = file("2.sql", "SELECT 1");
    assertThatIllegalStateException()
        .isThrownBy(() -> check.check(file))
        .withMessageContaining("1.sql");
  }
}
