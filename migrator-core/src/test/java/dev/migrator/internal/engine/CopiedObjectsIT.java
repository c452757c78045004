package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.status.MigrationStatus;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * PEERS 9.8: what hangs on the old column is on the new one afterwards, to the letter, or is
 * refused.
 */
@Tag("server-version")
class CopiedObjectsIT {

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void table() {
    fixture.execute(
        "CREATE TABLE parent (code text PRIMARY KEY)",
        "INSERT INTO parent SELECT 'c' || n FROM generate_series(1, 300) n",
        """
        CREATE TABLE t (id int PRIMARY KEY, "Code" text NOT NULL COLLATE "C" DEFAULT 'c1', region int, note text,
          CONSTRAINT code_unique UNIQUE ("Code", region),
          CONSTRAINT code_not_empty CHECK ("Code" <> '' AND region > 0),
          CONSTRAINT code_parent FOREIGN KEY ("Code") REFERENCES parent (code) ON DELETE CASCADE)
        """,
        "INSERT INTO t SELECT n, 'c' || n, n, 'Code' FROM generate_series(1, 300) n",
        "CREATE INDEX code_mixed ON t (region DESC NULLS LAST, \"Code\" text_pattern_ops) INCLUDE (note) WHERE \"Code\" <> 'Code'",
        "CREATE INDEX code_expression ON t (lower(\"Code\"), region)",
        "CREATE UNIQUE INDEX code_plain ON t (\"Code\" DESC) WITH (fillfactor = 70)",
        "CREATE INDEX code_hash ON t USING hash (\"Code\")");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static Migration.Backfilled rename() {
    return Migration.define("carry").table("t").renameColumn("Code", "key");
  }

  /** The catalog with the new name in place of the old, where the old one stands for the column. */
  private static String renamed(String catalog) {
    return lines(catalog.replace("t.Code ", "t.key ").replace("\"Code\"", "key"));
  }

  private static String lines(String text) {
    return Arrays.stream(text.split("\n")).sorted().collect(Collectors.joining("\n"));
  }

  @Test
  void everythingIsCopiedToTheLetter() {
    fixture.execute(
        "ALTER TABLE t ALTER \"Code\" SET STATISTICS 321, ALTER \"Code\" SET STORAGE EXTERNAL, ALTER \"Code\" SET (n_distinct = -0.5)");
    String expected = renamed(fixture.catalog());

    fixture.reach(Phase.CONTRACT, rename().switchRead().dropColumn("Code"));

    assertThat(lines(fixture.catalog())).isEqualTo(expected);
    assertThat(fixture.value("SELECT count(*) FROM t WHERE key = 'c' || id")).isEqualTo("300");
    assertThat(
            fixture.value(
                "SELECT attstorage::text || attoptions::text FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'key'"))
        .isEqualTo("e{n_distinct=-0.5}");
  }

  /** What is not in a definition: comments, targets of expressions, CLUSTER. */
  @Test
  void whatHangsOnIndexesAndConstraintsIsCopiedToo() {
    fixture.execute(
        "COMMENT ON INDEX code_hash IS 'for equality; it''s fast'",
        "COMMENT ON CONSTRAINT code_unique ON t IS 'one of each'",
        "COMMENT ON INDEX code_unique IS 'its index'",
        "COMMENT ON CONSTRAINT code_not_empty ON t IS 'not empty'",
        "COMMENT ON CONSTRAINT code_parent ON t IS 'its parent'",
        "ALTER INDEX code_expression ALTER COLUMN 1 SET STATISTICS 77",
        "ALTER TABLE t CLUSTER ON code_plain");
    String before = details();
    Migrator migrator = fixture.contracted(Fixture.AUTO, rename().switchRead().dropColumn("Code"));
    assertThat(details()).isEqualTo(before).contains("it's fast", "its parent", "77", "code_plain");
    Fixture.undoContract(migrator, "carry");
    assertThat(details()).isEqualTo(before);
  }

  /** From 18 on a NOT NULL is a constraint with a name. */
  @Test
  void theNotNullKeepsItsName() {
    assumeThat(fixture.value("SELECT current_setting('server_version_num')::int >= 180000"))
        .isEqualTo("t");
    fixture.execute(
        "ALTER TABLE t RENAME CONSTRAINT \"t_Code_not_null\" TO \"must be\"",
        "COMMENT ON CONSTRAINT \"must be\" ON t IS 'it''s needed'");
    String before = notNulls();
    Migrator migrator = fixture.contracted(Fixture.AUTO, rename().switchRead().dropColumn("Code"));
    assertThat(notNulls()).isEqualTo(before.replace("Code", "key")).contains("it's needed");
    Fixture.undoContract(migrator, "carry");
    assertThat(notNulls()).startsWith(before).doesNotContain("key: it's");
    migrator.execute("carry", OperatorCommand.RESUME);
    Fixture.awaitPhase(migrator, "carry", Phase.CONTRACT);
    assertThat(notNulls()).isEqualTo(before.replace("Code", "key"));
  }

  private String notNulls() {
    return fixture.value(
        """
        SELECT string_agg(format('%s of %s: %s', conname, attname, obj_description(n.oid, 'pg_constraint')), ', '
                          ORDER BY attname = 'id', conname)
          FROM pg_constraint n JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = conkey[1]
         WHERE conrelid = 't'::regclass AND contype = 'n' AND attname <> 'id'""");
  }

  @Test
  void anIndexStaysInItsTablespace() throws Exception {
    assumeThat(fixture.value("SELECT current_setting('server_version_num')::int >= 150000"))
        .as("a server that can have one in its own directory")
        .isEqualTo("t");
    String other = otherTablespace();
    fixture.execute(
        "CREATE INDEX far ON t (\"Code\") TABLESPACE %s WHERE \"Code\" > 'c'".formatted(other),
        "CREATE UNIQUE INDEX far_once ON t (\"Code\", region) TABLESPACE " + other);
    String expected = renamed(fixture.catalog());
    fixture.reach(Phase.CONTRACT, rename().switchRead().dropColumn("Code"));
    assertThat(
            fixture.value(
                "SELECT string_agg(relname, ',' ORDER BY relname) FROM pg_class c JOIN pg_tablespace s ON s.oid = c.reltablespace WHERE s.spcname = '%s'"
                    .formatted(other)))
        .isEqualTo("far,far_once");
    assertThat(lines(fixture.catalog())).isEqualTo(expected);
  }

  private String otherTablespace() throws Exception {
    String other = "other_" + fixture.database().name();
    try (Connection connection = fixture.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SET allow_in_place_tablespaces = on");
      statement.execute("CREATE TABLESPACE %s LOCATION ''".formatted(other));
      statement.execute("RESET allow_in_place_tablespaces");
    }
    return other;
  }

  /** What is new lands elsewhere there, and so does the table by which definitions are read. */
  @Test
  void indexesStayWhereTheyAreWhateverTheSessionsDefaultIs() throws Exception {
    assumeThat(fixture.value("SELECT current_setting('server_version_num')::int >= 150000"))
        .as("a server that can have one in its own directory")
        .isEqualTo("t");
    String expected = renamed(fixture.catalog());
    String before = fixture.catalog();
    fixture.execute(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_tablespace = "
            + otherTablespace()
            + "', current_database()); END $$");
    try (HikariDataSource pool = fixture.pool(4)) {
      Migrator migrator =
          fixture.migrator(pool, Fixture.AUTO, rename().switchRead().dropColumn("Code"));
      migrator.prepare();
      migrator.start();
      Fixture.awaitPhase(migrator, "carry", Phase.CONTRACT);
      assertThat(
              Arrays.stream(fixture.catalog().split("\n"))
                  .filter(it -> !it.contains("migrator"))
                  .sorted()
                  .collect(Collectors.joining("\n")))
          .isEqualTo(expected);
      Fixture.undoContract(migrator, "carry");
      assertThat(fixture.catalog().split("\n")).contains(before.split("\n"));
      migrator.close();
    }
  }

  @Test
  void whatIsDroppedComesBackWhereItWas() throws Exception {
    assumeThat(fixture.value("SELECT current_setting('server_version_num')::int >= 150000"))
        .as("a server that can have one in its own directory")
        .isEqualTo("t");
    fixture.execute(
        "CREATE INDEX gone ON t (lower(note), id) TABLESPACE %s WHERE id > 3"
            .formatted(otherTablespace()),
        "COMMENT ON INDEX gone IS 'it''s back'",
        "ALTER INDEX gone ALTER COLUMN 1 SET STATISTICS 55",
        "ALTER TABLE t CLUSTER ON code_unique");
    String before = fixture.catalog();
    for (Migration migration :
        List.of(
            Migration.define("index").table("t").dropIndex("gone"),
            Migration.define("constraint").table("t").dropConstraint("code_unique"))) {
      OperationLife.run(fixture, migration);
      assertThat(fixture.catalog()).isNotEqualTo(before);
      OperationLife.undo(fixture, migration);
      assertThat(fixture.catalog()).isEqualTo(before);
    }
  }

  private String details() {
    return fixture.value(
        """
        SELECT concat_ws(E'\\n',
          (SELECT string_agg(conname || ': ' || obj_description(oid, 'pg_constraint'), E'\\n' ORDER BY conname)
             FROM pg_constraint WHERE conrelid = 't'::regclass AND conname NOT LIKE '~%'),
          (SELECT string_agg(concat_ws(' ', relname, obj_description(c.oid, 'pg_class'), indisclustered,
                             (SELECT string_agg(a.attname || a.attstattarget, ',') FROM pg_attribute a
                               WHERE a.attrelid = c.oid AND a.attstattarget >= 0)), E'\\n' ORDER BY relname)
             FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
            WHERE i.indrelid = 't'::regclass AND relname NOT LIKE '~%'))""");
  }

  @Test
  void undoTakesEverythingBack() {
    String before = fixture.catalog();
    fixture.reach(Phase.SWITCH_READ, rename().switchRead());
    assertThat(fixture.value("SELECT count(*) FROM pg_indexes WHERE tablename = 't'"))
        .isEqualTo("11");
    Migrator migrator = fixture.migrator(SETTINGS, rename());
    migrator.start();
    for (int i = 0; i < 4; i++) {
      Phase reached = migrator.status("carry").orElseThrow().phase();
      migrator.execute("carry", OperatorCommand.UNDO);
      Fixture.await(
          () -> migrator.status("carry").orElseThrow().phase() != reached,
          () -> String.valueOf(migrator.status("carry")));
    }
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  @Test
  void anInvalidIndexIsBuiltAgain() {
    fixture.reach(Phase.DUAL_WRITE, rename());
    // What a cancelled build leaves behind, under the very name that ours will have.
    Migrator probe = fixture.migrator(SETTINGS, rename());
    probe.start();
    Fixture.awaitPhase(probe, "carry", Phase.BACKFILL);
    probe.close();
    String name =
        fixture.value(
            "SELECT indexname FROM pg_indexes WHERE indexname LIKE '~migrator%' AND indexdef LIKE '%hash%'");
    fixture.execute(
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = '\"%s\"'::regclass"
            .formatted(name),
        "UPDATE migrator.step SET state = 'RUNNING' WHERE name = 'copy-index-code_hash'",
        "UPDATE migrator.step SET state = 'RUNNING' WHERE name = 'verify'",
        "UPDATE migrator.migration SET phase = 'DUAL_WRITE'");

    fixture.reach(Phase.CONTRACT, rename().switchRead().dropColumn("Code"));

    assertThat(
            fixture.value(
                "SELECT bool_and(indisvalid) FROM pg_index WHERE indrelid = 't'::regclass"))
        .isEqualTo("t");
    assertThat(fixture.value("SELECT count(*) FROM pg_indexes WHERE tablename = 't'"))
        .isEqualTo("6");
  }

  @Test
  void whatWasAddedLaterIsCopiedBeforeTheContract() {
    fixture.reach(Phase.SWITCH_READ, rename().switchRead());
    fixture.execute("CREATE INDEX code_late ON t (\"Code\", note)");
    String expected =
        fixture.value("SELECT indexdef FROM pg_indexes WHERE indexname = 'code_late'");

    fixture.reach(Phase.CONTRACT, rename().switchRead().dropColumn("Code"));

    assertThat(fixture.value("SELECT indexdef FROM pg_indexes WHERE indexname = 'code_late'"))
        .isEqualTo(expected.replace("\"Code\"", "key"));
  }

  @Test
  void ofTwoIndexesThatAreAlikeOneIsCopied() {
    fixture.execute("CREATE INDEX code_hash_again ON t USING hash (\"Code\")");

    fixture.reach(Phase.CONTRACT, rename().switchRead().dropColumn("Code"));

    assertThat(
            fixture.value(
                "SELECT count(*) FROM pg_indexes WHERE indexdef LIKE '%USING hash (key)'"))
        .isEqualTo("1");
    assertThat(fixture.catalog()).doesNotContain("migrator");
  }

  @Test
  void aForeignKeyThatNamesItsColumnAndAReplicaIdentityAreRefused() {
    fixture.execute(
        "ALTER TABLE t ALTER region SET NOT NULL",
        "ALTER TABLE t DROP CONSTRAINT code_unique",
        "CREATE UNIQUE INDEX identity ON t (\"Code\", region)",
        "ALTER TABLE t REPLICA IDENTITY USING INDEX identity");
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(() -> fixture.migrator(rename()).prepare())
        .withMessageContaining("index identity");
  }

  @Test
  void aTypeChangeCopiesPlainIndexesAndRefusesWhatCouldRejectWrites() {
    Migration.Backfilled widen =
        Migration.define("widen")
            .table("t")
            .addColumn("region_id", "bigint")
            .dualWrite("region", "region_id")
            .backfill();
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(() -> fixture.migrator(widen).prepare())
        .withMessageContainingAll("code_unique", "code_not_empty", "could reject");
    fixture.execute("ALTER TABLE t DROP CONSTRAINT code_unique, DROP CONSTRAINT code_not_empty");

    fixture.reach(Phase.CONTRACT, widen.switchRead().dropColumn("region"));

    assertThat(fixture.value("SELECT indexdef FROM pg_indexes WHERE indexname = 'code_expression'"))
        .isEqualTo(
            "CREATE INDEX code_expression ON public.t USING btree (lower(\"Code\"), region_id)");
  }

  @Test
  void whatCannotBeCopiedIsRefusedByName() {
    fixture.execute(
        "CREATE VIEW codes AS SELECT \"Code\" FROM t",
        "CREATE MATERIALIZED VIEW codes_stored AS SELECT \"Code\" FROM t",
        "ALTER TABLE t ADD COLUMN g text GENERATED ALWAYS AS (\"Code\" || 'x') STORED",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
        "CREATE TRIGGER on_code BEFORE UPDATE OF \"Code\" ON t FOR EACH ROW EXECUTE FUNCTION f()",
        "CREATE POLICY only_code ON t USING (\"Code\" <> 'x')",
        "CREATE STATISTICS code_stats ON \"Code\", note FROM t",
        "GRANT SELECT (\"Code\") ON t TO PUBLIC",
        "ALTER TABLE t ADD CONSTRAINT code_exclude EXCLUDE USING btree (\"Code\" WITH =)",
        "ALTER TABLE t ADD CONSTRAINT code_alone UNIQUE (\"Code\")",
        "CREATE TABLE child (code text REFERENCES t (\"Code\"))");
    String before = fixture.catalog();

    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(() -> fixture.migrator(rename()).prepare())
        .withMessageContainingAll(
            "view codes",
            "materialized view codes_stored",
            "column g of table t",
            "trigger on_code",
            "policy only_code",
            "statistics object",
            "the grants on column",
            "code_exclude",
            "child_code_fkey");
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  @Test
  void theDeclaredPhaseIsWhatRuns() {
    fixture.reach(Phase.BACKFILL, rename());
    assertThat(fixture.migrator(rename()).status("carry").orElseThrow().state())
        .isEqualTo(MigrationStatus.State.REACHED);
    assertThat(
            fixture.value(
                "SELECT attnotnull FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'key'"))
        .isEqualTo("t");
  }
}
