package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.OperationLife.KEEPING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.FileMigrations;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OnTable;
import dev.migrator.TableName;
import dev.migrator.error.MigratorException;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * An instance that dies between any two of its transactions: another one goes on from there, the
 * end is that of an undisturbed run, and it can be undone to the beginning. Some of the moments are
 * tried, see {@link FaultSample}; of the builds of an index more of them.
 */
class OperationCrashIT {

  static final String[] TABLES = {
    "CREATE TABLE parent (id int PRIMARY KEY)",
    "INSERT INTO parent SELECT n FROM generate_series(1, 50) n",
    "CREATE TABLE t (id int PRIMARY KEY CONSTRAINT positive CHECK (id > 0),"
        + " parent_id int CONSTRAINT of_parent REFERENCES parent, email text, full_email text,"
        + " state text NOT NULL DEFAULT 'open', number int CONSTRAINT once UNIQUE, fax text NOT NULL DEFAULT 'f', short varchar(5) DEFAULT 's')",
    "INSERT INTO t (id, parent_id, email, full_email) SELECT n, 1 + n % 50, 'e' || n, CASE WHEN n % 2 > 0 THEN 'f' || n END FROM generate_series(1, 500) n",
    "CREATE INDEX old ON t (email, id)",
    "CREATE TABLE child (id int PRIMARY KEY, parent_id int REFERENCES parent)",
    "CREATE TABLE parts (id int, email text) PARTITION BY RANGE (id)",
    "CREATE TABLE low PARTITION OF parts FOR VALUES FROM (0) TO (100)",
    "CREATE TABLE rest PARTITION OF parts DEFAULT PARTITION BY HASH (id)",
    "CREATE TABLE odd PARTITION OF rest FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
    "CREATE INDEX of_parts ON parts (email, id)",
    // Of a table that never had a row nothing is kept for an undo.
    "INSERT INTO child VALUES (1, 1)",
    "INSERT INTO parts SELECT n, 'e' || n FROM generate_series(1, 150) n"
  };

  enum Kind {
    NOT_NULL,
    FILLING,
    CHECK,
    FOREIGN_KEY,
    UNIQUE,
    INDEX,
    UNIQUE_INDEX,
    PARTITIONED_INDEX,
    DROP_PARTITIONED_INDEX,
    DROP_INDEX,
    SET_DEFAULT,
    DROP_DEFAULT,
    DROP_NOT_NULL,
    DROP_CHECK,
    DROP_UNIQUE,
    DROP_FOREIGN_KEY,
    RENAME_CONSTRAINT,
    RENAME_INDEX,
    COMMENT,
    SQL,
    SQL_IN_CONTRACT,
    ADD_COLUMN,
    FILLED_COLUMN,
    DROP_COLUMN,
    CHANGE_TYPE,
    CREATE_TABLE,
    DROP_TABLE,
    FILE,
    FILE_IN_CONTRACT,
    FILE_OUTSIDE;

    Migration migration() {
      OnTable table = Migration.define("m").table("t");
      return switch (this) {
        case NOT_NULL -> table.setNotNull("email");
        case FILLING -> table.setNotNull("full_email").fillNullsWith("email").stopFilling();
        case CHECK -> table.addCheck("c", "id > 0");
        case FOREIGN_KEY ->
            table
                .addForeignKey("k", "parent_id")
                .references(new TableName("public", "parent"), "id");
        case UNIQUE -> table.addUnique("u", "email");
        case INDEX -> table.addIndex("i").onExpressions("lower(email)");
        case UNIQUE_INDEX -> table.addIndex("i").on("email").unique();
        case PARTITIONED_INDEX ->
            Migration.define("m").table("parts").addIndex("i").onExpressions("lower(email)");
        case DROP_PARTITIONED_INDEX -> Migration.define("m").table("parts").dropIndex("of_parts");
        case DROP_INDEX -> table.dropIndex("old");
        case CREATE_TABLE ->
            Migration.define("m")
                .createTable("new")
                .column("id", "bigint")
                .identity()
                .primaryKey("id")
                .column("parent_id", "int")
                .foreignKey("k", "parent_id")
                .references("parent", "id");
        case DROP_TABLE -> Migration.define("m").table("child").dropTable();
        case SET_DEFAULT -> table.setDefault("state", "'done'");
        case DROP_DEFAULT -> table.dropDefault("state");
        case DROP_NOT_NULL -> table.dropNotNull("state");
        case DROP_CHECK -> table.dropCheck("positive");
        case DROP_UNIQUE -> table.dropConstraint("once");
        case DROP_FOREIGN_KEY -> table.dropConstraint("of_parent");
        case RENAME_CONSTRAINT -> table.renameConstraint("once", "for_once").inContract();
        case RENAME_INDEX -> table.renameIndex("old", "new");
        case COMMENT -> table.comment("state", "what it is");
        case SQL ->
            Migration.define("m")
                .sql("CREATE VIEW v AS SELECT id FROM t; CREATE VIEW w AS SELECT id FROM v")
                .undo("DROP VIEW w; DROP VIEW v");
        case SQL_IN_CONTRACT ->
            Migration.define("m")
                .sql("DROP INDEX old")
                .inContract()
                .undo("CREATE INDEX old ON t (email, id)");
        case ADD_COLUMN -> table.addColumn("n", "int", it -> it.defaultValue("1").notNull());
        case FILLED_COLUMN ->
            table.addColumn("n", "uuid", it -> it.defaultValue("gen_random_uuid()").notNull());
        case DROP_COLUMN -> table.dropColumn("fax");
        case CHANGE_TYPE -> table.changeType("short", "text");
        case FILE ->
            FileMigrations.of(
                "m",
                SqlFolder.file(
                    "ALTER TABLE t ADD n int; CREATE INDEX i ON t (n)", "ALTER TABLE t DROP n"));
        case FILE_IN_CONTRACT ->
            FileMigrations.of(
                "m",
                SqlFolder.file(
                    "-- migrator: contract\nDROP INDEX old", "CREATE INDEX old ON t (email, id)"));
        case FILE_OUTSIDE ->
            FileMigrations.of(
                "m",
                SqlFolder.file(
                    "ALTER TABLE t ADD n int; CREATE INDEX CONCURRENTLY i ON t (n); COMMENT ON TABLE child IS NULL",
                    "DROP INDEX CONCURRENTLY IF EXISTS i; ALTER TABLE t DROP n"));
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void anotherInstanceGoesOn(Kind kind) {
    Migration migration = kind.migration();
    String before;
    String after;
    Map<String, Integer> writes;
    try (Fixture fixture = OperationTables.fixture();
        FaultDataSource dataSource = FaultDataSource.counting(fixture.database().dataSource())) {
      before = fixture.catalog();
      run(fixture, dataSource, migration);
      writes = dataSource.writes();
      after = fixture.catalog();
    }
    // An index is what no transaction ties to its record.
    boolean closely =
        kind == Kind.INDEX || kind == Kind.PARTITIONED_INDEX || kind == Kind.FILE_OUTSIDE;
    for (FaultPoint point :
        FaultSample.draw("crash of " + kind, writes, closely ? 1 / 2d : 1 / 6d)) {
      String where = "%s; -Dmigrator.test.seed=%d".formatted(point, FaultSample.SEED);
      try (Fixture fixture = OperationTables.fixture();
          FaultDataSource dataSource =
              new FaultDataSource(fixture.database().dataSource(), point, FaultDataSource.KILL)) {
        run(fixture, dataSource, migration);
        Leases.expire(fixture.jdbc());
        OperationLife.run(fixture, migration);
        assertThat(fixture.catalog()).as(where).isEqualTo(after);
        assertThat(fixture.value("SELECT conname FROM pg_constraint WHERE NOT convalidated"))
            .as("not validated: " + where)
            .isEmpty();
        OperationLife.undo(fixture, migration);
        assertThat(fixture.catalog()).as("undone: " + where).isEqualTo(before);
      }
    }
  }

  private static void run(Fixture fixture, FaultDataSource dataSource, Migration migration) {
    Migrator migrator =
        fixture.migrator(
            dataSource,
            KEEPING.toBuilder().contract(it -> it.approved(Set.of(migration.id()))).build(),
            migration);
    Migrator observer = fixture.migrator(migration);
    try {
      migrator.prepare();
      migrator.start();
      Fixture.await(
          () ->
              dataSource.hasStruck()
                  || observer.status(migration.id()).orElseThrow().phase() == migration.declares(),
          () -> "the end, or the crash");
    } catch (MigratorException | DataAccessException | TransactionException ex) {
      assertThat(dataSource.hasStruck()).as("%s", ex).isTrue();
    } finally {
      migrator.close();
    }
  }
}
