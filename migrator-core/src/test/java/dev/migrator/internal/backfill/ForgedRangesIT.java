package dev.migrator.internal.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.PoolPressure;
import dev.migrator.internal.Timings;
import dev.migrator.internal.catalog.Leaf;
import dev.migrator.internal.catalog.LeafReader;
import dev.migrator.internal.journal.Installation;
import dev.migrator.internal.journal.JournalGuard;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.RangeSql;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.test.Await;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What somebody writes into the tables of the ranges is not run by those who help. */
@Tag("server-version")
class ForgedRangesIT {

  private final TestDatabase server = TestPostgres.newDatabase();

  private final Database database = new Database(server.dataSource());

  private final BackfillWorkers workers =
      new BackfillWorkers(
          database,
          new JournalGuard(database, null),
          MigratorSettings.defaults(),
          PoolPressure.UNKNOWN,
          "helper",
          Timings.defaults().faster(5));

  @BeforeEach
  void tables() {
    Installation.ensure(database);
    database.inTransaction(
        () ->
            database.execute(
                """
                CREATE SEQUENCE called;
                CREATE FUNCTION evil(text) RETURNS text LANGUAGE sql AS 'SELECT nextval(''called'')::text';
                CREATE TABLE victim (a text, b text);
                INSERT INTO victim VALUES ('x'), ('y');
                CREATE TABLE t (a text, b text);
                INSERT INTO t VALUES ('x'), ('y')"""));
  }

  @AfterEach
  void close() {
    workers.dismiss();
    server.close();
  }

  private String value(String sql) {
    return database.inTransaction(() -> database.jdbc().sql(sql).query(String.class).single());
  }

  private void execute(String sql) {
    database.inTransaction(() -> database.execute(sql));
  }

  /** Work on the rows of the table, open for everybody who helps. */
  private void open(String migration) {
    database.inTransaction(
        () -> {
          Leaf leaf =
              new LeafReader(database)
                  .of(database.jdbc().sql("SELECT 't'::regclass::oid").query(Long.class).single())
                  .get(0);
          database.execute(
              "INSERT INTO migrator.migration (id, table_name, operations) VALUES ('%s', 't', '[]')"
                  .formatted(migration));
          ProgressStore progress = new ProgressStore(database);
          progress.begin(migration, 2);
          RangeSql sql =
              new RangeSql(
                  leaf.oid(), "t", 2, leaf.quoted(), "t", "b = a", "b IS DISTINCT FROM a", true);
          progress.open(new BackfillTask(migration, BackfillTask.Kind.COPY, sql, false));
          new AllocationStore(database).allocate(migration, leaf, 1);
        });
  }

  /** Helps until all that may be done is done: what is done comes behind what is not. */
  private void help() {
    open("zz-behind");
    execute(
        "UPDATE migrator.backfill SET started_at = now() + '1 h' WHERE migration_id LIKE 'zz%'");
    workers.help();
    Await.until(
        () ->
            value("SELECT count(*) FROM migrator.chunk WHERE finished AND migration_id LIKE 'zz%'")
                .equals("1"),
        () -> value("SELECT json_agg(c) FROM migrator.chunk c"));
  }

  private String left(String migration) {
    return value(
        "SELECT count(*) FROM migrator.chunk WHERE NOT finished AND migration_id = '"
            + migration
            + "'");
  }

  @Test
  void theSqlOfTheLeaderIsRun() {
    open("m");
    help();
    assertThat(left("m")).isEqualTo("0");
    assertThat(value("SELECT count(*) FROM t WHERE b = a")).isEqualTo("2");
  }

  @Test
  void anotherAssignmentIsNot() {
    open("m");
    execute(
        "UPDATE migrator.backfill SET ranges = jsonb_set(ranges, '{assignments}', '\"b = evil(a)\"')");
    help();
    assertThat(value("SELECT is_called FROM called")).isEqualTo("f");
    assertThat(left("m")).isEqualTo("1");
  }

  /** The seal of another migration is none, nor is a row that somebody adds. */
  @Test
  void neitherIsARowThatIsCopiedFromAnother() {
    open("m");
    execute(
        """
        INSERT INTO migrator.migration (id, table_name, operations) VALUES ('forged', 't', '[]');
        INSERT INTO migrator.backfill (migration_id, work, ranges, rows_estimated, seal)
        SELECT 'forged', work, jsonb_set(ranges, '{disagrees}', '"evil(a) = a"'), 1, seal FROM migrator.backfill;
        INSERT INTO migrator.chunk (migration_id, relation, source, mark, first_block, end_block, window_block, next_block)
        SELECT 'forged', relation, source, mark, first_block, end_block, window_block, next_block FROM migrator.chunk""");
    help();
    assertThat(value("SELECT is_called FROM called")).isEqualTo("f");
    assertThat(left("m") + left("forged")).isEqualTo("01");
  }

  /** The name of the table in a chunk is for people: what is run names what the catalog says. */
  @Test
  void theTableOfAChunkIsThatOfTheCatalog() {
    open("m");
    execute("UPDATE migrator.chunk SET source = 'victim AS x SET b = evil(a) --'");
    help();
    assertThat(left("m")).isEqualTo("0");
    assertThat(value("SELECT count(*) FROM t WHERE b = a")).isEqualTo("2");
    assertThat(value("SELECT is_called FROM called")).isEqualTo("f");
    assertThat(value("SELECT count(*) FROM victim WHERE b IS NOT NULL")).isEqualTo("0");
  }

  @Test
  void aChunkOfAnotherTableIsForgotten() {
    open("m");
    execute("UPDATE migrator.chunk SET relation = 'victim'::regclass, source = 'victim'");
    help();
    assertThat(value("SELECT count(*) FROM victim WHERE b IS NOT NULL")).isEqualTo("0");
    assertThat(value("SELECT count(*) FROM migrator.chunk WHERE migration_id = 'm'"))
        .isEqualTo("0");
  }
}
