package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.MigrationStatus.State;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A table with few rows is verified by one statement: what somebody does with it meanwhile. */
class VerifiedAtOnceIT {

  private static final String ID = "20260102-change";

  /** A part of the statement that compares rows. */
  private static final String COMPARES = "AS differing FROM ONLY";

  private static final String BLOCKERS =
      "SELECT blockers FROM migrator.step WHERE name = 'verify-again'";

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void table() {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text NOT NULL)",
        "INSERT INTO t SELECT n, n FROM generate_series(1, 100) n");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static Migration switched() {
    return Migration.define(ID).table("t").renameColumn("a", "b").switchRead();
  }

  private static Migration contracted() {
    return Migration.define(ID).table("t").renameColumn("a", "b").switchRead().dropColumn("a");
  }

  private void differs(int id) {
    fixture.execute(
        "ALTER TABLE t DISABLE TRIGGER USER",
        "UPDATE t SET b = 'other' WHERE id = " + id,
        "ALTER TABLE t ENABLE TRIGGER USER");
  }

  private Migrator started(HookedDataSource hooked, MigratorSettings settings, Migration change) {
    Migrator migrator = fixture.migrator(hooked, settings, change);
    migrator.prepare();
    migrator.start();
    return migrator;
  }

  /**
   * Somebody does this right before the rows are compared for the contract, of which one differs.
   */
  private void theRowIsFoundThough(String... meanwhile) {
    fixture.reach(Phase.SWITCH_READ, switched());
    differs(100);
    HookedDataSource hooked =
        new HookedDataSource(fixture.dataSource(), COMPARES, () -> fixture.execute(meanwhile));
    Migrator migrator = started(hooked, Fixture.AUTO, contracted());
    Fixture.awaitState(migrator, ID, State.FAILED);
    assertThat(migrator.status(ID).orElseThrow().holds().get(0).message()).contains("1 rows of");
  }

  /** Its rows lie in blocks that it did not have when its size was read. */
  @Test
  void aTableThatIsWrittenAnewMeanwhileIsComparedToItsEnd() {
    theRowIsFoundThough("ALTER TABLE t SET (fillfactor = 10)", "VACUUM FULL t");
    assertThat(fixture.value("SELECT a || ' ' || b FROM t WHERE id = 100")).isEqualTo("100 other");
  }

  /** Rows of another table say nothing. */
  @Test
  void aTableThatTookItsNameMeanwhileIsNotComparedInItsPlace() {
    theRowIsFoundThough("ALTER TABLE t RENAME TO u", "CREATE TABLE t (LIKE u)");
  }

  /** The phase began when it had the other name. */
  @Test
  void aTableThatWasRenamedBeforeIsFoundByWhatItIs() {
    Migrator migrator =
        fixture.migrator(
            new HookedDataSource(
                fixture.dataSource(),
                "finished_at = now(), rows_done",
                () -> fixture.execute("ALTER TABLE t RENAME TO u", "CREATE TABLE t (LIKE u)")),
            Fixture.SETTINGS,
            Migration.define(ID).table("t").renameColumn("a", "b"));
    migrator.prepare();
    migrator.start();
    Fixture.await(
        () ->
            fixture
                .value("SELECT count(*) FROM migrator.backfill WHERE verified_at IS NOT NULL")
                .equals("1"),
        () -> fixture.value("SELECT to_jsonb(b) FROM migrator.backfill b"));
    assertThat(fixture.value("SELECT rows_verified FROM migrator.backfill")).isEqualTo("100");
  }

  /** Who stood in the way of the statement is gone when a worker takes its first range. */
  @Test
  void whoWasInTheWayIsNotShownAnyLonger() throws SQLException {
    fixture.reach(Phase.SWITCH_READ, switched());
    List<String> shown = new CopyOnWriteArrayList<>();
    try (Connection other = fixture.pool(1).getConnection()) {
      other.setAutoCommit(false);
      DataSource locking =
          new HookedDataSource(fixture.dataSource(), COMPARES, () -> run(other, "LOCK TABLE t"));
      DataSource releasing =
          new HookedDataSource(locking, "SET blockers", () -> run(other, "ROLLBACK"));
      HookedDataSource reading =
          new HookedDataSource(
              releasing, "SET token = token + 1", () -> shown.add(fixture.value(BLOCKERS)));
      Migrator migrator = started(reading, Fixture.AUTO, contracted());
      Fixture.awaitPhase(migrator, ID, Phase.CONTRACT);
    }
    assertThat(shown).containsExactly("[]");
  }

  private static void run(Connection connection, String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException ex) {
      throw new IllegalStateException(ex);
    }
  }
}
