package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.AUTO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.Sync;
import dev.migrator.error.MigratorException;
import dev.migrator.error.StepFailedException;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.MigrationStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** When phases are reached in one transaction, and when they are not. */
class OneTransactionGateIT {

  private static final MigratorSettings SETTINGS =
      AUTO.toBuilder().safety(it -> it.oneTransactionRows(1_000)).build();

  private static final Migration RENAME =
      Migration.define("m").table("t").renameColumn("a", "b").switchRead().dropColumn("a");

  private final Fixture fixture = new Fixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private void table(int rows) {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text NOT NULL UNIQUE, note text)",
        "INSERT INTO t SELECT n, 'a' || n FROM generate_series(1, %d) n".formatted(rows));
  }

  private Migrator prepared(Migration migration) {
    Migrator migrator = fixture.migrator(SETTINGS, migration);
    migrator.prepare();
    return migrator;
  }

  private boolean atOnce() {
    return fixture
        .value("SELECT count(*) > 0 FROM migrator.event WHERE detail = 'in one transaction'")
        .equals("t");
  }

  private String phase() {
    return fixture.value("SELECT phase FROM migrator.migration");
  }

  /** The release before can come back until this one serves. */
  @Test
  void whatHasRowsIsContractedOnlyWhenThisReleaseServes() {
    table(10);
    Migrator migrator = prepared(RENAME);
    assertThat(atOnce()).isTrue();
    assertThat(phase()).isEqualTo("SWITCH_READ");
    fixture.execute(
        "INSERT INTO t (id, a) VALUES (11, 'old')", "INSERT INTO t (id, b) VALUES (12, 'new')");
    assertThat(fixture.value("SELECT count(*) FROM t WHERE a = b")).isEqualTo("12");
    migrator.start();
    Fixture.awaitPhase(migrator, "m", Phase.CONTRACT);
    Fixture.undoContract(migrator, "m");
    assertThat(fixture.value("SELECT count(*) FROM t WHERE a = b")).isEqualTo("12");
  }

  /** Not before this release serves: until then nobody knows what it maps. */
  @Test
  void whatNeverHadARowIsCompletedAtOnceBehindTheStart() {
    table(0);
    Migrator migrator = prepared(RENAME);
    assertThat(atOnce()).isTrue();
    assertThat(phase()).isEqualTo("SWITCH_READ");
    migrator.start();
    Fixture.awaitState(migrator, "m", State.COMPLETED);
    assertThat(
            fixture.value(
                "SELECT count(*) FROM migrator.event WHERE detail = 'in one transaction' AND phase = 'CONTRACT'"))
        .isNotEqualTo("0");
    fixture.assertNothingOfOurs();
  }

  /** The row could need what goes. */
  @Test
  void aRowThatCameIsKeptInBoth() {
    table(0);
    Migrator migrator = prepared(RENAME);
    fixture.execute("INSERT INTO t (id, a) VALUES (1, 'x')");
    migrator.start();
    Fixture.awaitPhase(migrator, "m", Phase.CONTRACT);
    assertThat(fixture.value("SELECT completed FROM migrator.migration")).isEqualTo("f");
    Fixture.undoContract(migrator, "m");
    assertThat(fixture.value("SELECT a || b FROM t")).isEqualTo("xx");
  }

  /** Each phase is undone as if it had been reached alone. */
  @Test
  void itIsUndone() {
    table(10);
    String catalog = fixture.catalog();
    Migrator migrator =
        prepared(Migration.define("m").table("t").renameColumn("a", "b").switchRead());
    assertThat(atOnce()).isTrue();
    assertThat(phase()).isEqualTo("SWITCH_READ");
    migrator.close();
    Migrator before = prepared(Migration.define("m").table("t").renameColumn("a", "b"));
    before.start();
    for (String rest : new String[] {"BACKFILL", "DUAL_WRITE", "EXPAND", "NULL"}) {
      before.execute("m", OperatorCommand.UNDO);
      Fixture.await(() -> phase().equals(rest), () -> String.valueOf(before.status()));
    }
    assertThat(fixture.catalog()).isEqualTo(catalog);
    before.execute("m", OperatorCommand.RESUME);
    Fixture.awaitPhase(before, "m", Phase.BACKFILL);
    assertThat(fixture.value("SELECT count(*) FROM t WHERE a = b")).isEqualTo("10");
  }

  @Test
  void notBesideAnotherInstance() {
    table(10);
    fixture.started(fixture.release(SETTINGS, "1"));
    prepared(RENAME);
    assertThat(phase()).isEqualTo("SWITCH_READ");
    assertThat(atOnce()).isFalse();
  }

  /** An index gives no table other columns: no instance is asked, and none is waited for. */
  @Test
  void nobodyIsAskedInVain() {
    table(10);
    fixture.started(fixture.release(SETTINGS, "1"));
    prepared(Migration.define("m").table("t").addIndex("by_note").on("note"));
    assertThat(fixture.value("SELECT number FROM migrator.announcement")).isEqualTo("0");
  }

  /** A release that has not got this library could wait for all of it. */
  @Test
  void notBesideSessionsThatNobodyAccountsFor() throws SQLException {
    table(10);
    try (Connection connection = fixture.pool(1).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SET application_name = 'legacy'");
      prepared(RENAME);
    }
    assertThat(phase()).isEqualTo("SWITCH_READ");
    assertThat(atOnce()).isFalse();
  }

  @Test
  void notWithManyRows() {
    table(1_001);
    prepared(RENAME);
    assertThat(phase()).isEqualTo("SWITCH_READ");
    assertThat(atOnce()).isFalse();
  }

  @Test
  void notWithFewRowsThatAreLarge() {
    table(2);
    fixture.execute(
        "ALTER TABLE t ALTER note SET STORAGE PLAIN",
        "DO $$ BEGIN FOR i IN 3..999 LOOP INSERT INTO t VALUES (i, i, repeat('x', 7000)); END LOOP; END $$",
        "UPDATE t SET note = repeat('y', 7000)");
    prepared(RENAME);
    assertThat(phase()).isEqualTo("SWITCH_READ");
    assertThat(atOnce()).isFalse();
  }

  /** Its own code could be at work on the tables. */
  @Test
  void notWhileThisInstanceServes() {
    table(10);
    Migrator migrator = prepared(Migration.define("m").table("t").dropColumn("note"));
    migrator.start();
    Fixture.awaitPhase(migrator, "m", Phase.CONTRACT);
    assertThat(
            fixture.value(
                "SELECT count(*) FROM migrator.event WHERE detail = 'in one transaction' AND phase = 'CONTRACT'"))
        .isEqualTo("0");
  }

  /** Nobody waits longer than behind any other step. */
  @Test
  void aTableThatIsLockedIsLeftToThePhases() throws SQLException {
    table(10);
    try (Connection connection = fixture.pool(1).getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("LOCK TABLE t IN ROW EXCLUSIVE MODE");
      Migrator migrator = fixture.migrator(SETTINGS, RENAME);
      Thread start = new Thread(migrator::prepare);
      start.start();
      Fixture.await(
          () ->
              fixture
                  .value(
                      "SELECT count(*) FROM migrator.step WHERE attempts > 0 AND name = 'add-columns'")
                  .equals("1"),
          () -> "the first attempt of the first phase");
      connection.rollback();
      join(start);
    }
    assertThat(phase()).isEqualTo("SWITCH_READ");
    assertThat(atOnce()).isFalse();
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException ex) {
      throw new IllegalStateException(ex);
    }
  }

  /** Which row it is, and what to do, is for the backfill to say. */
  @Test
  void aRowThatCannotBeCopiedIsLeftToThePhases() {
    table(3);
    fixture.execute(
        "ALTER TABLE t DROP CONSTRAINT t_a_key, ALTER a DROP NOT NULL",
        "INSERT INTO t VALUES (4, 'four')",
        "UPDATE t SET a = id WHERE id < 4");
    Migrator migrator =
        fixture.migrator(
            SETTINGS,
            Migration.define("m")
                .table("t")
                .addColumn("n", "int")
                .dualWrite(Sync.of("a").with("n").compute("n", "a::int").compute("a", "n::text"))
                .backfill()
                .switchRead());
    assertThatExceptionOfType(StepFailedException.class).isThrownBy(migrator::prepare);
    assertThat(atOnce()).isFalse();
    assertThat(fixture.value("SELECT count(*) FROM migrator.quarantine")).isEqualTo("1");
  }

  /** Each file in a transaction of its own, as always. */
  @Test
  void filesAreRecordedWithTheirEffect(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("20260101000000_a.sql"), "CREATE TABLE a (id int)");
    Files.writeString(
        folder.resolve("20260101000001_b.sql"), "CREATE TABLE b (id int); DROP TABLE a");
    Files.writeString(folder.resolve("20260101000002_c.sql"), "CREATE TABLE c (id int)");
    Migrator migrator =
        Fixture.builder(fixture.dataSource()).settings(SETTINGS).sqlFiles("file:" + folder).build();
    fixture.closing(migrator);
    assertThatExceptionOfType(StepFailedException.class)
        .isThrownBy(migrator::prepare)
        .withMessageContainingAll("20260101000001_b.sql", "takes away", "table public.a");
    assertThat(
            fixture.value(
                "SELECT string_agg(relname, ',') FROM pg_class WHERE relname IN ('a', 'b', 'c')"))
        .isEqualTo("a");
    assertThat(
            fixture.value("SELECT migration_id, detail FROM migrator.event WHERE kind = 'EFFECT'"))
        .contains("20260101000000");
    assertThat(atOnce()).isTrue();
    assertThat(
            fixture.value(
                "SELECT state FROM migrator.step WHERE migration_id LIKE '20260101000001%'"))
        .isEqualTo("FAILED");
  }

  /** It is one transaction: an instance that dies in it has done nothing, or everything. */
  @Test
  void itIsCutOffAnywhere() {
    table(3);
    Map<String, Integer> writes;
    try (FaultDataSource whole =
        new FaultDataSource(fixture.dataSource(), FaultPoint.NONE, FaultDataSource.KILL)) {
      cutOff(fixture, whole);
      writes = whole.writes();
    }
    assertThat(atOnce()).isTrue();
    FaultSample.draw("one transaction", writes, 1 / 3d).forEach(OneTransactionGateIT::cutOff);
  }

  private static void cutOff(FaultPoint point) {
    try (Fixture fixture = new Fixture()) {
      fixture.execute(
          "CREATE TABLE t (id int PRIMARY KEY, a text NOT NULL)", "INSERT INTO t VALUES (1, 'x')");
      try (FaultDataSource dataSource =
          new FaultDataSource(fixture.database().dataSource(), point, FaultDataSource.KILL)) {
        cutOff(fixture, dataSource);
      }
      Leases.expire(fixture.jdbc());
      Migrator next = fixture.migrator(SETTINGS, RENAME);
      next.prepare();
      next.start();
      Fixture.awaitPhase(next, "m", Phase.CONTRACT);
      assertThat(fixture.value("SELECT b FROM t")).as("%s", point).isEqualTo("x");
      next.close();
    }
  }

  private static void cutOff(Fixture fixture, FaultDataSource dataSource) {
    try (Migrator migrator = fixture.migrator(dataSource, SETTINGS, RENAME)) {
      migrator.prepare();
    } catch (MigratorException | DataAccessException | TransactionException ex) {
      assertThat(dataSource.hasStruck()).as("%s", ex).isTrue();
    }
  }
}
