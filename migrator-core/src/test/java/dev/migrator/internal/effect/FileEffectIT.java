package dev.migrator.internal.effect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

/** What each kind of statement changes, by itself and hidden in a block of code. */
@Tag("server-version")
class FileEffectIT {

  private static final String[] TABLES = {
    "CREATE ROLE effect_reader",
    "CREATE TYPE mood AS ENUM ('good', 'bad')",
    "CREATE TYPE pair AS (a int, b text)",
    "CREATE DOMAIN positive AS int",
    "CREATE TABLE parent (id int PRIMARY KEY)",
    "CREATE TABLE t (id int PRIMARY KEY, name varchar(20) NOT NULL, note text, state text NOT NULL DEFAULT 'open',"
        + " amount numeric(10,2), n int, d positive, short varchar(20), m int, CONSTRAINT n_positive CHECK (n > 0), CONSTRAINT once UNIQUE (name),"
        + " CONSTRAINT of_parent FOREIGN KEY (n) REFERENCES parent)",
    "CREATE INDEX by_note ON t (note)",
    "CREATE UNIQUE INDEX by_amount ON t (amount)",
    "CREATE VIEW v AS SELECT id, name FROM t",
    "CREATE TABLE parts (id int) PARTITION BY RANGE (id)",
    "CREATE TABLE part PARTITION OF parts FOR VALUES FROM (0) TO (10)",
    "CREATE SEQUENCE seq",
    "CREATE SCHEMA other",
    "CREATE TABLE sides (a int, b int, c int, CONSTRAINT later FOREIGN KEY (a) REFERENCES parent DEFERRABLE INITIALLY DEFERRED,"
        + " CONSTRAINT cascading FOREIGN KEY (b) REFERENCES parent ON DELETE CASCADE, CONSTRAINT single UNIQUE (c))",
    "CREATE UNIQUE INDEX by_b ON sides (b)",
    "CREATE UNIQUE INDEX by_part ON sides (lower(c::text)) WHERE c > 0",
    "CREATE RULE quiet AS ON DELETE TO sides DO INSTEAD NOTHING",
    "CREATE RULE off AS ON UPDATE TO sides DO INSTEAD NOTHING",
    "ALTER TABLE sides DISABLE RULE off",
    "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "CREATE TRIGGER stamp BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION g()",
    "GRANT SELECT, UPDATE ON t TO effect_reader"
  };

  /** What adds runs at once. */
  static final List<Arguments> ADDING =
      List.of(
          row(
              "CREATE TABLE new (id int PRIMARY KEY, t_id int NOT NULL REFERENCES t CHECK (t_id > 0))",
              "table public.new is added"),
          row("CREATE TABLE new AS SELECT id FROM t", "table public.new is added"),
          row(
              "CREATE TABLE part2 PARTITION OF parts FOR VALUES FROM (10) TO (20)",
              "table public.part2 is added"),
          row("ALTER TABLE t ADD c text", "column public.t.c is added"),
          row("ALTER TABLE t ADD c text NOT NULL DEFAULT 'x'", "column public.t.c is added"),
          row(
              "ALTER TABLE t ADD c text CHECK (c <> '')",
              "column public.t.c is added",
              "constraint t_c_check of public.t is added"),
          row(
              "ALTER TABLE t ADD c int REFERENCES parent",
              "column public.t.c is added",
              "constraint t_c_fkey of public.t is added"),
          row(
              "ALTER TABLE t ADD c int UNIQUE",
              "column public.t.c is added",
              "constraint t_c_key of public.t is added",
              "index t_c_key is added"),
          row(
              "ALTER TABLE t ADD c uuid DEFAULT gen_random_uuid()",
              "table public.t is written anew",
              "column public.t.c is added"),
          row(
              "ALTER TABLE t ADD c int GENERATED ALWAYS AS (id + 1) STORED",
              "table public.t is written anew",
              "column public.t.c is added"),
          row("ALTER TABLE t ALTER short TYPE varchar(30)", "column public.t.short is changed"),
          row("ALTER TABLE t ALTER short TYPE text", "column public.t.short is changed"),
          row("ALTER TABLE t ALTER amount TYPE numeric(12,2)", "column public.t.amount is changed"),
          row("ALTER TABLE t ALTER note SET DEFAULT 'x'", "column public.t.note is changed"),
          row("ALTER TABLE t ALTER name DROP NOT NULL", "column public.t.name is changed"),
          row(
              "ALTER TABLE t DROP CONSTRAINT n_positive",
              "constraint n_positive of public.t is changed"),
          row(
              "ALTER TABLE t RENAME CONSTRAINT n_positive TO p",
              "constraint n_positive of public.t is changed"),
          row("ALTER INDEX by_note RENAME TO i", "index by_note is changed"),
          row("CREATE INDEX i ON t (n)", "index i is added"),
          row("CREATE VIEW w AS SELECT id FROM t", "view public.w is added"),
          row(
              "CREATE OR REPLACE VIEW v AS SELECT id, name, note FROM t",
              "column public.v.note is added"),
          row("CREATE MATERIALIZED VIEW m AS SELECT id FROM t", "view public.m is added"),
          row(
              "CREATE FUNCTION h() RETURNS int LANGUAGE sql AS 'SELECT 2'",
              "function public.h() is added"),
          row(
              "CREATE OR REPLACE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 2'",
              "function public.f(integer) is changed"),
          row("CREATE OR REPLACE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'"),
          row(
              "CREATE TRIGGER other BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION g()",
              "trigger other of public.t is added"),
          row("ALTER TYPE mood ADD VALUE 'fair'", "type public.mood is changed"),
          row("CREATE TYPE size AS ENUM ('s')", "type public.size is added"),
          row("CREATE SEQUENCE seq2", "sequence public.seq2 is added"),
          row(
              "CREATE SCHEMA new CREATE TABLE a (b int)",
              "table new.a is added",
              "schema new is added"),
          row("GRANT INSERT ON t TO effect_reader", "table public.t is changed"),
          row("GRANT SELECT ON parent TO effect_reader", "table public.parent is changed"),
          row("COMMENT ON TABLE t IS 'a table'"),
          row("INSERT INTO parent VALUES (1)"),
          row("ANALYZE t"),
          row("CREATE TEMPORARY TABLE temp (id int)"));

  /** What is another one, or the same in another way, and what nobody is refused by. */
  static final List<Arguments> LOOSENING =
      List.of(
          row(
              "ALTER TABLE sides ALTER CONSTRAINT cascading DEFERRABLE INITIALLY DEFERRED",
              "constraint cascading of public.sides is changed"),
          row("ALTER TABLE sides DROP CONSTRAINT single, ADD CONSTRAINT single UNIQUE (c)"),
          row("DROP INDEX by_b; CREATE UNIQUE INDEX by_b ON sides (b DESC)"),
          row(
              "DROP INDEX by_part;      CREATE UNIQUE INDEX by_part ON sides (lower(c::text)) WHERE c > 0"),
          row("DROP INDEX by_note; CREATE INDEX by_note ON t (n)", "index by_note is changed"),
          row("CREATE OR REPLACE RULE quiet AS ON DELETE TO sides DO INSTEAD NOTHING"));

  static final List<Arguments> NARROWING =
      List.of(
          row(
              "ALTER TABLE sides ALTER CONSTRAINT later NOT DEFERRABLE",
              "constraint later of public.sides refuses what it took before"),
          row(
              "ALTER TABLE sides ALTER CONSTRAINT later DEFERRABLE INITIALLY IMMEDIATE",
              "constraint later of public.sides refuses what it took before"),
          row(
              "ALTER TABLE sides DROP CONSTRAINT cascading, ADD CONSTRAINT cascading FOREIGN KEY (b) REFERENCES parent",
              "constraint cascading of public.sides refuses what it took before"),
          row(
              "ALTER TABLE sides DROP CONSTRAINT single, ADD n int CONSTRAINT single UNIQUE",
              "column public.sides.n is added",
              "constraint single of public.sides is removed or renamed",
              "index single is changed"),
          row(
              "DROP INDEX by_b; CREATE UNIQUE INDEX by_b ON sides (b, c)",
              "index by_b refuses what it took before"),
          row(
              "DROP INDEX by_b; CREATE INDEX by_b ON sides (b)",
              "index by_b is removed or renamed"),
          row(
              "DROP INDEX by_part; CREATE UNIQUE INDEX by_part ON sides (lower(c::text))",
              "index by_part refuses what it took before"),
          row(
              "ALTER TABLE t ENABLE REPLICA TRIGGER stamp",
              "trigger stamp of public.t is removed or renamed"),
          row(
              "ALTER TABLE sides ENABLE RULE off",
              "rule off of public.sides refuses what it took before"),
          row(
              "ALTER TABLE sides DISABLE RULE quiet",
              "rule quiet of public.sides is removed or renamed"),
          row(
              "CREATE OR REPLACE RULE quiet AS ON DELETE TO sides WHERE old.a = 1 DO INSTEAD NOTHING",
              "rule quiet of public.sides refuses what it took before"),
          row(
              "ALTER TABLE t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
              "table public.t lets fewer roles do less"));

  /** What takes something away waits for older releases. */
  static final List<Arguments> REMOVING =
      List.of(
          row(
              "ALTER TABLE t DROP note",
              "column public.t.note is removed or renamed",
              "index by_note is removed or renamed"),
          row(
              "ALTER TABLE t RENAME note TO remark",
              "column public.t.note is removed or renamed",
              "column public.t.remark is added"),
          row(
              "ALTER TABLE t DROP note, ADD note text",
              "column public.t.note is removed or renamed",
              "index by_note is removed or renamed"),
          row("DROP TABLE part", "table public.part is removed or renamed"),
          row(
              "ALTER TABLE part RENAME TO p",
              "table public.part is removed or renamed",
              "table public.p is added"),
          row(
              "ALTER TABLE part SET SCHEMA other",
              "table public.part is removed or renamed",
              "table other.part is added"),
          row("ALTER TABLE parts DETACH PARTITION part", "table public.part is removed or renamed"),
          row("DROP VIEW v", "view public.v is removed or renamed"),
          row("DROP FUNCTION f(int)", "function public.f(integer) is removed or renamed"),
          row(
              "DROP FUNCTION g() CASCADE",
              "function public.g() is removed or renamed",
              "trigger stamp of public.t is removed or renamed"),
          row("DROP INDEX by_note", "index by_note is removed or renamed"),
          row("DROP SEQUENCE seq", "sequence public.seq is removed or renamed"),
          row("DROP SCHEMA other", "schema other is removed or renamed"),
          row("DROP TYPE pair", "type public.pair is removed or renamed"),
          row("ALTER TYPE pair DROP ATTRIBUTE b", "column public.pair.b is removed or renamed"),
          row(
              "ALTER TYPE mood RENAME VALUE 'bad' TO 'worse'",
              "type public.mood is removed or renamed"),
          row("DROP TRIGGER stamp ON t", "trigger stamp of public.t is removed or renamed"),
          row(
              "ALTER TABLE t DISABLE TRIGGER stamp",
              "trigger stamp of public.t is removed or renamed"),
          row(
              "ALTER TABLE t DROP CONSTRAINT once",
              "constraint once of public.t is removed or renamed"),
          row(
              "ALTER TABLE t DROP CONSTRAINT of_parent",
              "constraint of_parent of public.t is removed or renamed"),
          row(
              "ALTER TABLE t ALTER m TYPE bigint",
              "table public.t is written anew",
              "column public.t.m has another type"),
          row(
              "ALTER TABLE t ALTER note TYPE varchar(5)",
              "table public.t is written anew",
              "column public.t.note has another type"),
          row("ALTER TABLE t ALTER note SET NOT NULL", "column public.t.note refuses NULL"),
          row(
              "ALTER TABLE t ALTER state DROP DEFAULT",
              "column public.t.state has no default any longer"),
          row(
              "ALTER TABLE t ADD c int NOT NULL",
              "column public.t.c must be given a value by every insert"),
          row(
              "ALTER TABLE t ALTER id ADD GENERATED ALWAYS AS IDENTITY",
              "column public.t.id takes no value from an insert any longer",
              "sequence public.t_id_seq is added"),
          row(
              "ALTER TABLE t ADD CONSTRAINT c CHECK (n < 100)",
              "constraint c of public.t refuses what it took before"),
          row(
              "ALTER TABLE t ADD CONSTRAINT c CHECK (n < 100) NOT VALID",
              "constraint c of public.t refuses what it took before"),
          row(
              "ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (id) REFERENCES parent",
              "constraint c of public.t refuses what it took before"),
          row(
              "ALTER TABLE t ADD CONSTRAINT c UNIQUE (note)",
              "constraint c of public.t refuses what it took before",
              "index c is added"),
          row(
              "ALTER TABLE t ADD CONSTRAINT c EXCLUDE (note WITH =)",
              "constraint c of public.t refuses what it took before",
              "index c is added"),
          row("CREATE UNIQUE INDEX i ON t (note)", "index i refuses what it took before"),
          row(
              "ALTER DOMAIN positive ADD CONSTRAINT c CHECK (VALUE > 0)",
              "constraint c of public.positive refuses what it took before"),
          row("ALTER DOMAIN positive SET NOT NULL", "type public.positive refuses NULL"),
          row(
              "CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING",
              "rule r of public.t refuses what it took before"),
          row("ALTER TABLE t ENABLE ROW LEVEL SECURITY", "table public.t lets fewer roles do less"),
          row("REVOKE UPDATE ON t FROM effect_reader", "table public.t lets fewer roles do less"),
          row(
              "REVOKE EXECUTE ON FUNCTION f(int) FROM PUBLIC",
              "function public.f(integer) lets fewer roles do less"));

  private static TestDatabase testDatabase;

  private static Database database;

  private static Arguments row(String sql, String... changes) {
    return Arguments.of(sql, List.of(changes));
  }

  @BeforeAll
  static void tables() {
    testDatabase = TestPostgres.newDatabase();
    database = new Database(testDatabase.dataSource());
    for (String sql : TABLES) {
      database.execute(sql);
    }
  }

  @AfterAll
  static void close() {
    database.execute("DROP OWNED BY effect_reader; DROP ROLE effect_reader");
    testDatabase.close();
  }

  @ParameterizedTest
  @FieldSource("ADDING")
  void whatAdds(String sql, List<String> texts) {
    check(sql, texts, false);
  }

  @ParameterizedTest
  @FieldSource("REMOVING")
  void whatTakesAway(String sql, List<String> texts) {
    check(sql, texts, true);
  }

  @ParameterizedTest
  @FieldSource("LOOSENING")
  void whatRefusesNobody(String sql, List<String> texts) {
    check(sql, texts, false);
  }

  @ParameterizedTest
  @FieldSource("NARROWING")
  void whatIsAnotherOneOfTheSameName(String sql, List<String> texts) {
    check(sql, texts, true);
  }

  @Test
  void policiesThatHideRowsFromTheOwnerToo() {
    assertThat(effect("ALTER TABLE t FORCE ROW LEVEL SECURITY"))
        .noneMatch(it -> it.kind().takesAway());
    List<Change> forced =
        effect("ALTER TABLE t ENABLE ROW LEVEL SECURITY", "ALTER TABLE t FORCE ROW LEVEL SECURITY");
    assertThat(texts(forced)).containsExactly("table public.t lets fewer roles do less");
  }

  @Test
  void nullsThatAreNotDistinct() {
    assumeThat(version()).isGreaterThanOrEqualTo(150000);
    assertThat(
            texts(
                effect(
                    "DROP INDEX by_b; CREATE UNIQUE INDEX by_b ON sides (b) NULLS NOT DISTINCT")))
        .containsExactly("index by_b refuses what it took before");
    assertThat(
            texts(
                effect(
                    "ALTER TABLE sides DROP CONSTRAINT single, ADD CONSTRAINT single UNIQUE NULLS NOT DISTINCT (c)")))
        .containsExactly("index single refuses what it took before");
  }

  /** No row is refused by it, until it is. */
  @Test
  void constraintsThatAreNotEnforced() {
    assumeThat(version()).isGreaterThanOrEqualTo(180000);
    String check = "ALTER TABLE t ADD CONSTRAINT c CHECK (n < 100) NOT ENFORCED";
    String key = "ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (id) REFERENCES parent NOT ENFORCED";
    for (String sql : List.of(check, key)) {
      check(sql, List.of("constraint c of public.t is added"), false);
      assertThat(texts(effect(sql, "ALTER TABLE t DROP CONSTRAINT c")))
          .containsExactly("constraint c of public.t is changed");
    }
    assertThat(texts(effect(key, "ALTER TABLE t ALTER CONSTRAINT c ENFORCED")))
        .containsExactly("constraint c of public.t refuses what it took before");
    check(
        "ALTER TABLE t ALTER CONSTRAINT of_parent NOT ENFORCED",
        List.of("constraint of_parent of public.t is removed or renamed"),
        true);
    check(
        "ALTER TABLE t ADD CONSTRAINT c CHECK (n < 100)",
        List.of("constraint c of public.t refuses what it took before"),
        true);
  }

  private static int version() {
    return database
        .jdbc()
        .sql("SELECT current_setting('server_version_num')::int")
        .query(Integer.class)
        .single();
  }

  /** A name that means another table now, and a view or function that is the same again. */
  @Test
  void whatIsMadeAgain() {
    assertThat(
            texts(
                effect(
                    "DROP TABLE part; CREATE TABLE part PARTITION OF parts FOR VALUES FROM (0) TO (10)")))
        .containsExactly("table public.part is removed or renamed");
    assertThat(effect("DROP VIEW v; CREATE VIEW v AS SELECT id, name FROM t WHERE n > 0"))
        .allMatch(it -> !it.kind().takesAway());
    assertThat(
            effect(
                "DROP FUNCTION f(int); CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'"))
        .allMatch(it -> !it.kind().takesAway());
    assertThat(
            texts(
                effect(
                    "DROP FUNCTION f(int); CREATE FUNCTION f(int) RETURNS text LANGUAGE sql AS 'SELECT 1::text'")))
        .containsExactly("function public.f(integer) is removed or renamed");
  }

  @Test
  void whatIsUndoneInTheSameTransactionIsNothing() {
    assertThat(effect("ALTER TABLE t ADD c int; ALTER TABLE t DROP c")).isEmpty();
  }

  private static void check(String sql, List<String> texts, boolean takesAway) {
    List<Change> changes = effect(sql);
    assertThat(texts(changes)).as(sql).containsExactlyInAnyOrderElementsOf(texts);
    assertThat(changes.stream().anyMatch(it -> it.kind().takesAway())).as(sql).isEqualTo(takesAway);
    String block =
        "DO LANGUAGE plpgsql %s"
            .formatted(
                Identifiers.literal("BEGIN EXECUTE %s; END".formatted(Identifiers.literal(sql))));
    assertThat(texts(effect(block)))
        .as("in a block: " + sql)
        .containsExactlyInAnyOrderElementsOf(texts(changes));
  }

  private static List<String> texts(List<Change> changes) {
    return changes.stream().map(Change::text).toList();
  }

  private static List<Change> effect(String sql) {
    return effect("", sql);
  }

  private static List<Change> effect(String first, String sql) {
    return database.andRollBack(
        () -> {
          database.execute(first);
          ImageReader images = new ImageReader(database);
          CatalogImage before = images.read();
          database.execute(sql);
          return CatalogDifference.between(before, images.read());
        });
  }
}
