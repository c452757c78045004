package dev.migrator.internal.effect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.internal.sql.Database;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is read of the changes only is what is read of all. */
@Tag("server-version")
class CatalogGrowthIT {

  private static final List<String> STATEMENTS =
      List.of(
          "CREATE TABLE a (id int PRIMARY KEY, x text DEFAULT 'x', y int NOT NULL, CHECK (y > 0))",
          "CREATE TABLE b (id bigserial PRIMARY KEY, a int REFERENCES a)",
          "INSERT INTO a VALUES (1, 'x', 1)",
          "CREATE INDEX a_x ON a (x)",
          "ALTER TABLE a ADD z int",
          "ALTER TABLE a ADD w int NOT NULL DEFAULT 1",
          "UPDATE a SET z = 1",
          "ALTER TABLE a ALTER z SET NOT NULL, ALTER z SET DEFAULT 3",
          "ALTER TABLE a ALTER z DROP NOT NULL",
          "ALTER TABLE a ALTER z SET DEFAULT 4",
          "ALTER TABLE a ALTER z DROP DEFAULT",
          "ALTER TABLE a ALTER z TYPE bigint",
          "ALTER TABLE a ALTER y TYPE bigint",
          "ALTER TABLE a RENAME w TO v",
          "ALTER TABLE a DROP v",
          "ALTER TABLE a ADD v text",
          "CREATE UNIQUE INDEX a_z ON a (z)",
          "ALTER TABLE a ADD CONSTRAINT a_z_key UNIQUE USING INDEX a_z",
          "ALTER INDEX a_x RENAME TO a_x2",
          "ALTER TABLE a RENAME CONSTRAINT a_z_key TO a_z2",
          "ALTER TABLE a ADD CONSTRAINT c CHECK (id > 0) NOT VALID",
          "ALTER TABLE a VALIDATE CONSTRAINT c",
          "ALTER TABLE a RENAME TO a2",
          "ALTER TABLE a2 RENAME TO a",
          "CREATE VIEW v AS SELECT id FROM a",
          "CREATE OR REPLACE VIEW v AS SELECT id, z FROM a",
          "ALTER VIEW v RENAME COLUMN z TO zz",
          "CREATE MATERIALIZED VIEW m AS SELECT id FROM a",
          "REFRESH MATERIALIZED VIEW m",
          "CREATE TYPE mood AS ENUM ('sad', 'ok')",
          "ALTER TYPE mood ADD VALUE 'happy'",
          "ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'",
          "CREATE TABLE c (id int, mood mood)",
          "ALTER TYPE mood RENAME TO feeling",
          "CREATE DOMAIN d AS int CHECK (VALUE > 0)",
          "ALTER DOMAIN d SET NOT NULL",
          "ALTER DOMAIN d ADD CONSTRAINT e CHECK (VALUE < 9)",
          "ALTER DOMAIN d DROP CONSTRAINT e; COMMENT ON DOMAIN d IS 'd'",
          "CREATE TYPE pair AS (x int, y int)",
          "ALTER TYPE pair ADD ATTRIBUTE z text",
          "ALTER TYPE pair DROP ATTRIBUTE y",
          "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
          "CREATE OR REPLACE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 2'",
          "ALTER FUNCTION f(int) RENAME TO g",
          "CREATE FUNCTION t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'",
          "CREATE TRIGGER t BEFORE UPDATE ON a FOR EACH ROW EXECUTE FUNCTION t()",
          "ALTER TABLE a DISABLE TRIGGER t",
          "ALTER TRIGGER t ON a RENAME TO u",
          "CREATE POLICY p ON a USING (true)",
          "ALTER TABLE a ENABLE ROW LEVEL SECURITY",
          "ALTER POLICY p ON a RENAME TO q",
          "CREATE RULE r AS ON DELETE TO c DO INSTEAD NOTHING",
          "CREATE SCHEMA s",
          "CREATE TABLE s.t (id int)",
          "ALTER SCHEMA s RENAME TO s2",
          "ALTER TABLE a SET SCHEMA s2",
          "ALTER TABLE s2.a SET SCHEMA public",
          "CREATE TABLE parts (id int, k int) PARTITION BY RANGE (id)",
          "CREATE TABLE p1 PARTITION OF parts FOR VALUES FROM (0) TO (10)",
          "CREATE TABLE p2 (id int, k int)",
          "ALTER TABLE parts ATTACH PARTITION p2 FOR VALUES FROM (10) TO (20)",
          "ALTER TABLE parts ADD l text",
          "CREATE INDEX ON parts (k)",
          "ALTER TABLE parts DETACH PARTITION p1",
          "CREATE TABLE h () INHERITS (c)",
          "ALTER TABLE h NO INHERIT c",
          "ALTER TABLE h INHERIT c",
          "CREATE SEQUENCE q",
          "ALTER TABLE c ALTER id SET NOT NULL",
          "ALTER TABLE c ALTER id ADD GENERATED ALWAYS AS IDENTITY",
          "TRUNCATE a CASCADE",
          "GRANT SELECT ON a TO public",
          "GRANT SELECT (id) ON c TO public",
          "REVOKE ALL ON FUNCTION g(int) FROM public",
          "COMMENT ON TABLE a IS 'a'",
          "DO $$ BEGIN CREATE TABLE x1 (id int); EXCEPTION WHEN others THEN NULL; END $$",
          "DO $$ BEGIN CREATE TABLE x1 (id int); EXCEPTION WHEN others THEN CREATE TABLE x2 (id int); END $$",
          "ALTER TABLE c SET SCHEMA s2",
          "CREATE SCHEMA migrator",
          "ALTER TABLE s2.c SET SCHEMA migrator",
          "ALTER TYPE feeling SET SCHEMA s2",
          "ALTER FUNCTION t() OWNER TO CURRENT_USER",
          "CREATE TABLE k (id int PRIMARY KEY, u int UNIQUE, CHECK (id > 0))",
          "ALTER TABLE k SET UNLOGGED",
          "ALTER TABLE k SET LOGGED",
          "CREATE TABLE l (id int REFERENCES k ON DELETE CASCADE, m pair)",
          "ALTER TABLE l ALTER CONSTRAINT l_id_fkey DEFERRABLE",
          "ALTER TYPE pair ADD ATTRIBUTE w int CASCADE",
          "CREATE TABLE o OF pair",
          "ALTER TABLE o NOT OF",
          "CLUSTER k USING k_pkey",
          "REINDEX TABLE k",
          "CREATE TABLE kids (v int) INHERITS (k)",
          "ALTER TABLE k ADD w int",
          "ALTER TABLE ONLY k DROP w",
          "ALTER TABLE k ADD v int",
          "CREATE TABLE n (id int); ALTER TABLE k ADD n int; ALTER TABLE l ADD n text DEFAULT 'n'",
          "DO $$ BEGIN ALTER TABLE l ADD r int; RAISE 'x'; EXCEPTION WHEN others THEN ALTER TABLE l ADD s int; END $$",
          "DO $$ BEGIN ALTER TABLE l ADD t int; BEGIN CREATE TABLE n2 (id int); EXCEPTION WHEN others THEN NULL; END; END $$",
          "REVOKE SELECT (id) ON l FROM public",
          "DO $$ BEGIN ALTER TABLE k DROP u; RAISE 'x'; EXCEPTION WHEN others THEN NULL; END $$",
          "DO $$ BEGIN DROP TABLE l; CREATE TABLE l (id int); END $$",
          "CREATE OR REPLACE FUNCTION t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN old; END'",
          "ALTER TABLE k ALTER id TYPE bigint, DROP CONSTRAINT k_u_key",
          "DROP INDEX a_x2",
          "DROP VIEW v",
          "DROP TABLE b",
          "DROP FUNCTION g(int)",
          "DROP SCHEMA s2 CASCADE",
          "DROP TYPE pair");

  private final TestDatabase testDatabase = TestPostgres.newDatabase();

  private final Database database = new Database(testDatabase.dataSource());

  @AfterEach
  void drop() {
    testDatabase.close();
  }

  private void part(CatalogGrowth growth, String sql) {
    database.execute("RELEASE SAVEPOINT s; SAVEPOINT s");
    database.searchPath().set("public");
    database.execute(sql);
    database.searchPath().set("pg_catalog");
    assertThat(growth.grown().byKey()).as(sql).isEqualTo(all());
  }

  private Map<String, CatalogObject> all() {
    return new ImageReader(database).read().byKey();
  }

  private void within(Consumer<CatalogGrowth> work) {
    database.inTransaction(
        () -> {
          database.searchPath().set("pg_catalog");
          database.execute("SAVEPOINT s");
          try (CatalogGrowth growth = new CatalogGrowth(database)) {
            work.accept(growth);
          }
        });
  }

  @Test
  void itIsTheWhole() {
    within(growth -> STATEMENTS.forEach(it -> part(growth, it)));
  }

  /** Objects that were there before the transaction. */
  @Test
  void itIsTheWholeOfWhatWasThere() {
    STATEMENTS.forEach(
        it -> {
          within(growth -> part(growth, it));
          within(growth -> part(growth, "SELECT 1"));
        });
  }

  /** What others do is found as well, but for what they remove. */
  @Test
  void whatOthersAddIsFound() {
    within(
        growth -> {
          part(growth, "CREATE TABLE a (id int)");
          elsewhere("CREATE TABLE other (id int); CREATE INDEX ON other (id)");
          part(growth, "CREATE TABLE b (id int)");
        });
  }

  /** They have a lower number, and commit behind the first look. */
  @Test
  void whatWasBegunBeforeIsFound() throws SQLException {
    try (Connection connection = testDatabase.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("CREATE TABLE other (id int)");
      within(
          growth -> {
            part(growth, "CREATE TABLE a (id int)");
            commit(connection);
            part(growth, "CREATE TABLE b (id int)");
            part(growth, "CREATE TABLE c (id int)");
          });
    }
  }

  private static void commit(Connection connection) {
    try {
      connection.commit();
    } catch (SQLException ex) {
      throw new IllegalStateException(ex);
    }
  }

  private void elsewhere(String sql) {
    JdbcClient.create(testDatabase.dataSource()).sql(sql).update();
  }

  /** Nothing stays with the session. */
  @Test
  void nothingIsLeftPrepared() {
    database.inTransaction(
        () -> {
          database.searchPath().set("pg_catalog");
          new CatalogGrowth(database).close();
          assertThat(database.query("SELECT name FROM pg_prepared_statements", (rs, row) -> row))
              .isEmpty();
        });
  }
}
