package dev.migrator.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DownCheckIT {

  @TempDir private Path folder;

  private TestDatabase database;

  @BeforeEach
  void createDatabase() {
    database = TestPostgres.newDatabase();
    execute(
        """
        CREATE TABLE t (id int PRIMARY KEY, a text NOT NULL DEFAULT 'x', b int CHECK (b > 0));
        CREATE VIEW v AS SELECT id, a FROM t;
        CREATE SEQUENCE s;
        CREATE TYPE mood AS ENUM ('good');
        CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
        COMMENT ON COLUMN t.a IS 'text';
        """);
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  private void execute(String sql) {
    execute(database, sql);
  }

  private static void execute(TestDatabase database, String sql) {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException ex) {
      throw new IllegalStateException(ex);
    }
  }

  private void file(String name, String sql) throws IOException {
    Files.writeString(folder.resolve(name), sql);
  }

  private CheckedDown only() {
    List<CheckedDown> checked = DownCheck.on(database).folder(folder);
    assertThat(checked).hasSize(1);
    return checked.get(0);
  }

  @Test
  void filesThatAreUndoneWhollyAreClean() throws IOException {
    file("1_table.sql", "CREATE TABLE n (id int); CREATE INDEX i ON n (id)");
    file("1_table.down.sql", "DROP TABLE n");
    file("2_column.up.sql", "ALTER TABLE n ADD c text");
    file("2_column.down.sql", "ALTER TABLE n DROP c");
    file("3_index.sql", "CREATE INDEX CONCURRENTLY j ON n (c)");
    file("3_index.down.sql", "DROP INDEX CONCURRENTLY j");
    file(
        "4_code.sql",
        """
        CREATE FUNCTION h() RETURNS text LANGUAGE plpgsql AS $f$ BEGIN RETURN $$;'$$; END $f$; -- ;
        /* ; /* ; */ ; */
        COMMENT ON FUNCTION h() IS 'a; b'; -- the end
        """);
    file("4_code.down.sql", "DROP FUNCTION h();");
    file("5_atomic.sql", "CREATE FUNCTION g() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END");
    file("5_atomic.down.sql", "DROP FUNCTION g()");
    file("R__view.sql", "CREATE OR REPLACE VIEW w AS SELECT 1 AS one");
    assertThat(DownCheck.on(database).folder(folder)).hasSize(5).allMatch(CheckedDown::isClean);
  }

  /** Its semicolons end nothing but its own statements. */
  @Test
  void aFunctionOfStatementsMayStandBetweenOthers() throws IOException {
    String function =
        "CREATE FUNCTION g(a int) RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE a WHEN 1 THEN 2 END; END; ";
    String rule = "CREATE RULE r AS ON DELETE TO n DO INSTEAD (SELECT 1; SELECT 2); ";
    file("1.sql", "CREATE TABLE n (id int); " + function + rule + "CREATE TABLE m (id int)");
    file("1.down.sql", "DROP TABLE m; DROP TABLE n; DROP FUNCTION g(int)");
    file("2.sql", "DROP FUNCTION g(int); DROP RULE r ON n; DROP TABLE m");
    file("2.down.sql", function + rule + "CREATE TABLE m (id int);");
    file(
        "3.sql",
        "CREATE INDEX CONCURRENTLY i ON n (id); " + function + "-- ; \n CREATE TABLE m (id int)");
    file("3.down.sql", "DROP INDEX CONCURRENTLY i; DROP TABLE m; DROP FUNCTION g(int)");
    assertThat(DownCheck.on(database).folder(folder)).hasSize(3).allMatch(CheckedDown::isClean);
  }

  @Test
  void aFileIsUndoneAsAWholeWhereItFails() throws IOException {
    file("1.sql", "CREATE TABLE n (id int)");
    file("1.down.sql", "DROP TABLE n; SELECT 1/0");
    file("2.sql", "ALTER TABLE n ADD a int");
    file("2.down.sql", "ALTER TABLE n DROP a");
    assertThat(DownCheck.on(database).folder(folder))
        .extracting(CheckedDown::isClean)
        .containsExactly(false, true);
  }

  /** Whatever a down forgets is found, by its kind. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "CREATE TABLE n (id int)                                    | SELECT 1",
        "CREATE SCHEMA n                                            | SELECT 1",
        "ALTER TABLE t ADD c text                                   | SELECT 1",
        "ALTER TABLE t DROP b                                       | ALTER TABLE t ADD b int",
        "ALTER TABLE t ALTER b TYPE bigint                          | SELECT 1",
        "ALTER TABLE t ALTER a DROP NOT NULL                        | SELECT 1",
        "ALTER TABLE t ALTER a DROP DEFAULT                         | ALTER TABLE t ALTER a SET DEFAULT 'y'",
        "ALTER TABLE t RENAME a TO c                                | SELECT 1",
        "ALTER TABLE t DROP CONSTRAINT t_b_check                    | ALTER TABLE t ADD CONSTRAINT t_b_check CHECK (b > 0) NOT VALID",
        "CREATE INDEX i ON t (a)                                    | SELECT 1",
        "ALTER TABLE t CLUSTER ON t_pkey                            | SELECT 1",
        "CREATE OR REPLACE VIEW v AS SELECT id, a, b FROM t         | SELECT 1",
        "ALTER SEQUENCE s CYCLE                                     | SELECT 1",
        "ALTER SEQUENCE s OWNED BY t.id                             | SELECT 1",
        "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2' | SELECT 1",
        "CREATE DOMAIN d AS int                                     | SELECT 1",
        "ALTER TYPE mood RENAME VALUE 'good' TO 'bad'               | SELECT 1",
        "COMMENT ON COLUMN t.a IS 'another'                         | COMMENT ON COLUMN t.a IS NULL",
        "GRANT SELECT ON t TO PUBLIC                                | SELECT 1",
        "REVOKE EXECUTE ON FUNCTION f() FROM PUBLIC                 | SELECT 1",
        "GRANT UPDATE (a) ON t TO PUBLIC                            | SELECT 1",
        "ALTER TABLE t ENABLE ROW LEVEL SECURITY                    | SELECT 1",
        "CREATE POLICY p ON t USING (true)                          | SELECT 1",
        "CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING         | SELECT 1",
        "CREATE STATISTICS n ON a, b FROM t                         | SELECT 1",
        "CREATE PUBLICATION n FOR TABLE t                           | SELECT 1",
        "ALTER TABLE t ALTER a SET STATISTICS 500                   | SELECT 1",
        "ALTER TABLE t SET (fillfactor = 50)                        | SELECT 1",
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC  | SELECT 1",
      })
  void whatStaysBehindIsFound(String up, String down) {
    CatalogImage before = CatalogImage.of(database.dataSource());
    execute(up);
    CatalogImage with = CatalogImage.of(database.dataSource());
    execute(down);
    assertThat(before.differences(with)).isNotEmpty();
    assertThat(before.differences(CatalogImage.of(database.dataSource()))).isNotEmpty();
  }

  @Test
  void whatIsLeftBehindIsNamed() throws IOException {
    file("1.sql", "ALTER TABLE t DROP b");
    file("1.down.sql", "ALTER TABLE t ADD b int");
    CheckedDown checked = only();
    assertThat(checked.isClean()).isFalse();
    assertThat(checked.leftBehind())
        .singleElement()
        .asString()
        .startsWith("- constraint t_b_check of public.t CHECK ((b > 0))");
    assertThat(checked.secondTime()).isEmpty();
  }

  @Test
  void aFileThatDoesSomethingElseTheSecondTimeIsFound() throws IOException {
    file("1.sql", "DO $$ BEGIN IF to_regclass('k') IS NULL THEN CREATE TABLE n (); END IF; END $$");
    file("1.down.sql", "DROP TABLE n; CREATE TABLE k ()");
    CheckedDown checked = only();
    assertThat(checked.leftBehind()).singleElement().asString().startsWith("+ table public.k");
    assertThat(checked.secondTime()).hasSize(2);
  }

  @Test
  void aDownThatIsMissingOrFailsIsNamedAndTheCheckGoesOn() throws IOException {
    file("1.sql", "CREATE TABLE n (id int)");
    file("2.sql", "CREATE TABLE m (id int)");
    file("2.down.sql", "DROP TABLE nowhere");
    file("3.sql", "ALTER TABLE m ADD c int; ALTER TABLE n ADD c int");
    file("3.down.sql", "ALTER TABLE m DROP c; ALTER TABLE n DROP c");
    file("4.sql", "SELECT 1/0");
    file("4.down.sql", "SELECT 1");
    file("5.sql", "SELECT 1");
    List<CheckedDown> checked = DownCheck.on(database).folder(folder);
    assertThat(checked).extracting(CheckedDown::isClean).containsExactly(false, false, true, false);
    assertThat(checked.get(0).problem()).isEqualTo("there is no 1.down.sql");
    assertThat(checked.get(1).problem()).contains("2.down.sql").contains("nowhere");
    assertThat(checked.get(3).problem()).contains("4.sql").contains("division by zero");
  }

  /** Neither the rows nor the order of columns count, nor what migrator keeps. */
  @Test
  void theSameSchemaMadeInAnotherOrderIsTheSame() {
    try (TestDatabase other = TestPostgres.newDatabase()) {
      execute(
          other,
          """
              CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
              CREATE TABLE t (b int CHECK (b > 0), a text NOT NULL DEFAULT 'x', id int PRIMARY KEY);
              CREATE TYPE mood AS ENUM ('good');
              CREATE SEQUENCE s;
              CREATE VIEW v AS SELECT id, a FROM t;
              COMMENT ON COLUMN t.a IS 'text';
              INSERT INTO t VALUES (1, 'y', 1);
              CREATE SCHEMA migrator CREATE TABLE migration (id int);
              """);
      assertThat(
              CatalogImage.of(database.dataSource())
                  .differences(CatalogImage.of(other.dataSource())))
          .isEmpty();
    }
  }
}
