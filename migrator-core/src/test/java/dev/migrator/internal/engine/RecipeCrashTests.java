package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.RecipeLife.KEEPING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OnTable;
import dev.migrator.TableName;
import dev.migrator.error.MigratorException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.transaction.TransactionException;

/**
 * An instance that dies between any two of its transactions: another one goes on from there, the
 * end is that of an undisturbed run, and it can be taken back to the beginning.
 */
class RecipeCrashTests {

  /** Whether to crash at every transaction of every recipe, which takes some minutes. */
  private static final boolean ALL = Boolean.getBoolean("migrator.test.all-crashes");

  private static final String[] TABLES = {
    "CREATE TABLE parent (id int PRIMARY KEY)",
    "INSERT INTO parent SELECT n FROM generate_series(1, 50) n",
    "CREATE TABLE t (id int PRIMARY KEY, parent_id int, email text, full_email text, fax text NOT NULL, short varchar(5))",
    "INSERT INTO t SELECT n, 1 + n % 50, 'e' || n, CASE WHEN n % 2 > 0 THEN 'f' || n END, 'f', 's' FROM generate_series(1, 500) n",
    "CREATE INDEX old ON t (email, id)",
    "CREATE TABLE parts (id int, email text) PARTITION BY RANGE (id)",
    "CREATE TABLE low PARTITION OF parts FOR VALUES FROM (0) TO (100)",
    "CREATE TABLE rest PARTITION OF parts DEFAULT PARTITION BY HASH (id)",
    "CREATE TABLE odd PARTITION OF rest FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
    "CREATE INDEX of_parts ON parts (email, id)"
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
    ADD_COLUMN,
    FILLED_COLUMN,
    DROP_COLUMN,
    CHANGE_TYPE;

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
        case ADD_COLUMN -> table.addColumn("n", "int", it -> it.defaultValue("1").notNull());
        case FILLED_COLUMN ->
            table.addColumn("n", "uuid", it -> it.defaultValue("gen_random_uuid()").notNull());
        case DROP_COLUMN -> table.dropColumn("fax");
        case CHANGE_TYPE -> table.changeType("short", "text");
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void anotherInstanceGoesOn(Kind kind) {
    Migration migration = kind.migration();
    String before;
    String after;
    int first;
    int last;
    try (Fixture fixture = new Fixture()) {
      fixture.execute(TABLES);
      before = fixture.catalog();
      Crashing dataSource = new Crashing(fixture.dataSource(), Integer.MAX_VALUE);
      int prepared = run(fixture, dataSource, migration);
      first = ALL ? 1 : prepared;
      last = dataSource.connections.get();
      after = fixture.catalog();
    }
    assertThat(last).isGreaterThan(first);
    // An index is what no transaction ties to its record.
    int stride = (ALL || kind == Kind.INDEX || kind == Kind.PARTITIONED_INDEX) ? 1 : 3;
    for (int n = first; n <= last; n += stride) {
      try (Fixture fixture = new Fixture()) {
        fixture.execute(TABLES);
        Crashing dataSource = new Crashing(fixture.dataSource(), n);
        run(fixture, dataSource, migration);
        if (fixture.value("SELECT to_regclass('migrator.lease')").equals("NULL")) {
          continue; // it died before it had begun
        }
        // What the time would do.
        fixture.execute("UPDATE migrator.lease SET expires_at = '-infinity'");
        RecipeLife.run(fixture, migration);
        assertThat(fixture.catalog()).as("after a crash at %d", n).isEqualTo(after);
        assertThat(fixture.value("SELECT conname FROM pg_constraint WHERE NOT convalidated"))
            .as("not validated after a crash at %d", n)
            .isEmpty();
        RecipeLife.undo(fixture, migration);
        assertThat(fixture.catalog()).as("undone after a crash at %d", n).isEqualTo(before);
      }
    }
  }

  /** Returns how many connections the start took. */
  private static int run(Fixture fixture, Crashing dataSource, Migration migration) {
    Migrator migrator =
        fixture.migrator(
            dataSource,
            KEEPING.toBuilder().contract(it -> it.approved(Set.of(migration.id()))).build(),
            migration);
    Migrator observer = fixture.migrator(migration);
    try {
      migrator.prepare();
      int prepared = dataSource.connections.get();
      migrator.start();
      Fixture.await(
          () ->
              dataSource.isCrashed()
                  || observer.status(migration.id()).orElseThrow().phase() == migration.declares(),
          () -> "the end, or the crash");
      return prepared;
    } catch (MigratorException | DataAccessException | TransactionException ex) {
      assertThat(dataSource.isCrashed()).as("%s", ex).isTrue();
      return 0;
    } finally {
      migrator.close();
    }
  }

  /** Gives so many connections and then none: all that the instance had in mind is lost. */
  private static final class Crashing extends DelegatingDataSource {

    private final int limit;

    private final AtomicInteger connections = new AtomicInteger();

    Crashing(DataSource dataSource, int limit) {
      super(dataSource);
      this.limit = limit;
    }

    boolean isCrashed() {
      return connections.get() > limit;
    }

    @Override
    public Connection getConnection() throws SQLException {
      if (connections.incrementAndGet() > limit) {
        throw new SQLException("crashed", "08006");
      }
      return super.getConnection();
    }
  }
}
