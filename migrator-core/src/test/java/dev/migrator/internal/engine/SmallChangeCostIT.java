package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.MigrationStatus.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a change of a table with few rows asks the server for, from its first phase to its last. */
class SmallChangeCostIT {

  private static final String ID = "20260102-change";

  private static final String CHUNK = "UPDATE migrator.chunk";

  private final Fixture fixture = Fixture.withoutJournal();

  private final CountingDataSource counting = new CountingDataSource(fixture.dataSource());

  @AfterEach
  void close() {
    fixture.close();
  }

  private static Migration change() {
    return Migration.define(ID).table("t").renameColumn("a", "b").switchRead().dropColumn("a");
  }

  private void table(int rows) {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text NOT NULL)",
        "INSERT INTO t SELECT n, n FROM generate_series(1, %d) n".formatted(rows));
  }

  private void contracted() {
    Migrator migrator = fixture.migrator(counting, MigratorSettings.defaults(), change());
    migrator.prepare();
    migrator.start();
    Fixture.await(
        () -> "CONTRACT".equals(fixture.value("SELECT phase FROM migrator.migration")),
        () -> fixture.value("SELECT phase FROM migrator.migration"));
    migrator.stop();
  }

  @Test
  void fewStatementsAndFewTransactions() {
    table(100);
    contracted();
    long transactions = counting.count("SET TRANSACTION ISOLATION LEVEL");
    assertThat(transactions).isPositive().isLessThanOrEqualTo(25);
    assertThat(counting.count("")).isLessThanOrEqualTo(231);
    // Nobody has to help with so few rows.
    assertThat(counting.count(CHUNK)).isZero();
    assertThat(
            fixture.value("SELECT rows_verified || ' ' || rows_differing FROM migrator.backfill"))
        .isEqualTo("100 0");
  }

  /** More than one range are compared by whoever helps. */
  @Test
  void manyRowsAreComparedInRanges() {
    table(20_000);
    contracted();
    assertThat(counting.count(CHUNK)).isPositive();
    assertThat(
            fixture.value("SELECT rows_verified || ' ' || rows_differing FROM migrator.backfill"))
        .isEqualTo("20000 0");
  }

  /** What is found at once is corrected in ranges, before anything is lost with the old side. */
  @Test
  void aRowThatDiffersHoldsTheContract() {
    table(100);
    fixture.reach(
        Phase.SWITCH_READ, Migration.define(ID).table("t").renameColumn("a", "b").switchRead());
    fixture.execute(
        "ALTER TABLE t DISABLE TRIGGER USER",
        "UPDATE t SET b = 'other' WHERE id = 7",
        "ALTER TABLE t ENABLE TRIGGER USER");
    Migrator migrator = fixture.migrator(counting, Fixture.AUTO, change());
    migrator.prepare();
    migrator.start();
    Fixture.awaitState(migrator, ID, State.FAILED);
    assertThat(migrator.status(ID).orElseThrow().holds().get(0).message()).contains("1 rows of");
    assertThat(fixture.value("SELECT a || ' ' || b FROM t WHERE id = 7")).isEqualTo("7 other");
  }
}
