package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.AUTO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.Migrator;
import dev.migrator.error.MigratorException;
import dev.migrator.error.StepFailedException;
import dev.migrator.settings.MigratorSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** SQL files that run in one transaction on a new database, as if each ran in its own. */
@Tag("server-version")
class FilesAtOnceIT {

  private static final MigratorSettings SETTINGS =
      AUTO.toBuilder()
          .lock(it -> it.hold(Duration.ofSeconds(20)))
          .safety(it -> it.oneTransactionRows(1_000))
          .build();

  private final Fixture fixture = Fixture.withoutJournal();

  private SqlFolder files;

  @TempDir Path folder;

  @BeforeEach
  void folder() {
    files = new SqlFolder(folder);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private Migrator migrator(DataSource dataSource) {
    Migrator migrator =
        Fixture.builder(dataSource).settings(SETTINGS).sqlFiles(files.location()).build();
    fixture.closing(migrator);
    return migrator;
  }

  private Migrator prepared() {
    Migrator migrator = migrator(fixture.dataSource());
    migrator.prepare();
    return migrator;
  }

  private FilesAtOnceIT file(int number, String sql) {
    files.write("2026010100000%d_%d.sql".formatted(number, number), sql);
    return this;
  }

  /** By which transaction each was recorded: files of one have the same letter. */
  private String together() {
    return fixture.value(
        "SELECT string_agg(chr(96 + t::int), '' ORDER BY created_at, id) FROM (SELECT dense_rank() OVER (ORDER BY xmin::text::bigint) AS t, created_at, id FROM migrator.migration) AS m");
  }

  private String tables() {
    return fixture.value(
        "SELECT string_agg(relname, ',' ORDER BY relname) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace");
  }

  @Test
  void eachHasItsOwnRecordAndEffect() {
    file(1, "CREATE TABLE a (id int PRIMARY KEY, x text)")
        .file(2, "ALTER TABLE a ADD y int; CREATE INDEX ON a (y)")
        .file(3, "INSERT INTO a VALUES (1, 'x', 2)")
        .file(4, "CREATE TABLE b (id int REFERENCES a)");
    prepared();
    assertThat(together()).isEqualTo("aaaa");
    assertThat(
            fixture.value(
                "SELECT string_agg(regexp_replace(detail, '^.*sql: ', ''), ' | ' ORDER BY id) FROM migrator.event WHERE kind = 'EFFECT'"))
        .isEqualTo(
            "table public.a is added | column public.a.y is added; index a_y_idx is added | table public.b is added");
    assertThat(
            fixture.value(
                "SELECT string_agg(kind || coalesce(' ' || step, ''), ', ' ORDER BY id) FROM migrator.event WHERE migration_id LIKE '%1_1'"))
        .isEqualTo("EFFECT, PHASE_BEGUN, STEP_DONE sql, PHASE_REACHED");
    assertThat(
            fixture.value(
                "SELECT count(*) FROM migrator.step WHERE state = 'DONE' AND seal IS NOT NULL AND started_at < finished_at"))
        .isEqualTo("4");
    assertThat(fixture.value("SELECT count(*) FROM a")).isEqualTo("1");
  }

  @Test
  void oneThatFailsLeavesThoseBefore() {
    file(1, "CREATE TABLE a (id int)")
        .file(2, "CREATE TABLE b (id int)")
        .file(3, "CREATE TABLE c (id int); SELECT 1 / 0")
        .file(4, "CREATE TABLE d (id int)");
    assertThatExceptionOfType(StepFailedException.class)
        .isThrownBy(this::prepared)
        .withMessageContainingAll("20260101000003_3.sql", "SQLSTATE 22012");
    assertThat(tables()).isEqualTo("a,b");
    assertThat(together()).as("with the record of the failure").isEqualTo("aab");
    file(3, "CREATE TABLE c (id int)");
    prepared();
    assertThat(tables()).isEqualTo("a,b,c,d");
  }

  /** A pool may close the connection at that. */
  @Test
  void oneThatTheServerDoesNotSupportLeavesThoseBefore() {
    file(1, "CREATE TABLE a (id int)")
        .file(2, "CREATE VIEW v AS SELECT id FROM a")
        .file(3, "ALTER TABLE a ALTER id TYPE bigint");
    assertThatExceptionOfType(StepFailedException.class)
        .isThrownBy(() -> migrator(fixture.pool(3)).prepare())
        .withMessageContainingAll("20260101000003_3.sql", "used by a view");
    assertThat(tables()).isEqualTo("a");
    assertThat(fixture.value("SELECT count(*) FROM migrator.migration WHERE phase = 'EXPAND'"))
        .isEqualTo("2");
  }

  /** Also of what another file of the same transaction has made. */
  @Test
  void oneThatTakesSomethingAwayIsRefused() {
    file(1, "CREATE TABLE a (id int, x text)")
        .file(2, "CREATE TABLE b (id int)")
        .file(3, "ALTER TABLE a DROP x");
    assertThatExceptionOfType(StepFailedException.class)
        .isThrownBy(this::prepared)
        .withMessageContainingAll("20260101000003_3.sql", "column public.a.x");
    assertThat(tables()).isEqualTo("a,b");
  }

  @Test
  void oneThatRefusesWhatIsWrittenIsRefused() {
    file(1, "CREATE TABLE a (id int, x text)").file(2, "CREATE UNIQUE INDEX ON a (x)");
    assertThatExceptionOfType(StepFailedException.class)
        .isThrownBy(this::prepared)
        .withMessageContainingAll("20260101000002_2.sql", "refuses what it took before");
    assertThat(tables()).isEqualTo("a");
  }

  @Test
  void aSettingIsNoticedByNoOther() {
    file(1, "CREATE TABLE a (id int)")
        .file(2, "SET LOCAL work_mem = '1234kB'; CREATE TABLE b (id int)")
        .file(3, "CREATE TABLE c AS SELECT current_setting('work_mem') AS v")
        .file(4, "SET LOCAL search_path = pg_temp, public; CREATE TABLE public.d (id int)")
        .file(5, "CREATE TABLE e AS SELECT current_setting('search_path') AS v");
    prepared();
    assertThat(fixture.value("SELECT v FROM c"))
        .isEqualTo(fixture.value("SELECT current_setting('work_mem')"));
    assertThat(fixture.value("SELECT v FROM public.e"))
        .isEqualTo(fixture.value("SELECT current_setting('search_path')"));
    assertThat(together()).isEqualTo("aabbc");
  }

  /** The server lists no setting that nobody has declared, and none that was set back. */
  @Test
  void aSettingThatTheServerDoesNotListIsNoticedByNoOther() {
    file(1, "CREATE TABLE a (id int); SET LOCAL app.tenant = '7'")
        .file(2, "CREATE TABLE b AS SELECT current_setting('app.tenant', true) AS v")
        .file(3, "SELECT SET_CONFIG('app.tenant', '8', true)")
        .file(4, "CREATE TABLE c AS SELECT current_setting('app.tenant', true) AS v")
        .file(5, "SET LOCAL session_replication_role = replica")
        .file(6, "CREATE TABLE d AS SELECT current_setting('session_replication_role') AS v")
        .file(7, "SET LOCAL session_replication_role TO DEFAULT");
    prepared();
    assertThat(
            fixture.value(
                "SELECT concat_ws(',', nullif(b.v, ''), nullif(c.v, ''), d.v) FROM b, c, d"))
        .isEqualTo("origin");
  }

  @Test
  void whatIsDeferredIsDoneInItsOwnTransaction() {
    file(1, "CREATE TABLE a (id int PRIMARY KEY, b int REFERENCES a DEFERRABLE INITIALLY DEFERRED)")
        .file(2, "INSERT INTO a VALUES (1, 2); INSERT INTO a VALUES (2, 1)")
        .file(3, "INSERT INTO a VALUES (3, 4)")
        .file(4, "INSERT INTO a VALUES (4, 3)");
    assertThatExceptionOfType(MigratorException.class)
        .isThrownBy(this::prepared)
        .withMessageContainingAll("20260101000003_3", "SQLSTATE 23503");
    assertThat(fixture.value("SELECT count(*) FROM a")).isEqualTo("2");
  }

  @Test
  void aTemporaryTableIsNoticedByNoOther() {
    file(1, "CREATE TEMP TABLE x ON COMMIT DROP AS SELECT 1 AS v")
        .file(
            2,
            "CREATE TEMP TABLE IF NOT EXISTS x (v int) ON COMMIT DROP; CREATE TABLE a AS SELECT count(*) AS n FROM x");
    prepared();
    assertThat(fixture.value("SELECT n FROM a")).isEqualTo("0");
  }

  /** Whoever reads it waits for one file only. */
  @Test
  void aTableWithRowsIsLockedForOneFileOnly() {
    fixture.execute(
        "CREATE TABLE t (id int)", "INSERT INTO t VALUES (1)", "CREATE TABLE u (id int)");
    file(1, "CREATE TABLE a (id int)")
        .file(2, "ALTER TABLE u ADD x int")
        .file(3, "ALTER TABLE t ADD x int")
        .file(4, "CREATE TABLE b (id int)");
    prepared();
    assertThat(together()).isEqualTo("aaab");
  }

  @Test
  void notBesideAnotherInstance() {
    fixture.started(fixture.release(SETTINGS, "1"));
    file(1, "CREATE TABLE a (id int)").file(2, "CREATE TABLE b (id int)");
    prepared();
    assertThat(together()).isEqualTo("ab");
  }

  /** What waits, or takes long, or cannot run in a transaction, keeps its place. */
  @Test
  void theOthersRunInTheirPlaceAndAlone() {
    file(1, "CREATE TABLE a (id int)")
        .file(2, "CREATE TABLE b (id int)")
        .file(3, "-- migrator: contract\nDROP TABLE b")
        .file(4, "CREATE TABLE c (id int)")
        .file(5, "CREATE INDEX CONCURRENTLY i ON a (id)")
        .file(6, "CREATE TABLE d (id int)")
        .file(7, "CREATE TABLE e (id int)");
    prepared();
    assertThat(tables()).isEqualTo("a,c,d,e");
    assertThat(together()).startsWith("aab").endsWith("ee");
  }

  /** With all that each needs: a place, its statements, and a look at what it did. */
  @Test
  void whatAFileCosts() {
    CountingDataSource counting = new CountingDataSource(fixture.dataSource());
    for (int i = 10; i < 50; i++) {
      files.write("202601010000%d_f.sql".formatted(i), "CREATE TABLE t%d (id int)".formatted(i));
    }
    migrator(counting).prepare();
    long statements = counting.count("CREATE TABLE t");
    assertThat(statements).isEqualTo(40);
    assertThat(counting.count("EXECUTE migrator_")).isLessThanOrEqualTo(40 + 5);
    assertThat(counting.count("SAVEPOINT migrator_file")).isLessThanOrEqualTo(40 + 5);
    assertThat(counting.count("")).isLessThan(40 * 4 + 150);
  }

  @Test
  void itIsCutOffAnywhere() {
    history();
    Map<String, Integer> writes;
    try (FaultDataSource whole =
        new FaultDataSource(fixture.dataSource(), FaultPoint.NONE, FaultDataSource.KILL)) {
      cutOff(whole);
      writes = whole.writes();
    }
    assertThat(together()).isEqualTo("aaa");
    FaultSample.draw("files in one transaction", writes, 1 / 3d).forEach(this::cutOff);
  }

  private void history() {
    file(1, "CREATE TABLE a (id int)")
        .file(2, "CREATE TABLE b (id int)")
        .file(3, "INSERT INTO a VALUES (1)");
  }

  private void cutOff(FaultPoint point) {
    try (Fixture other = Fixture.withoutJournal()) {
      try (FaultDataSource dataSource =
          new FaultDataSource(other.database().dataSource(), point, FaultDataSource.KILL)) {
        cutOff(dataSource);
      }
      Leases.expire(other.jdbc());
      Migrator next =
          Fixture.builder(other.dataSource()).settings(SETTINGS).sqlFiles(files.location()).build();
      other.closing(next);
      next.prepare();
      assertThat(other.value("SELECT count(*) FROM a")).as("%s", point).isEqualTo("1");
      assertThat(other.value("SELECT count(*) FROM migrator.migration WHERE phase = 'EXPAND'"))
          .isEqualTo("3");
    }
  }

  private void cutOff(FaultDataSource dataSource) {
    try (Migrator migrator =
        Fixture.builder(dataSource).settings(SETTINGS).sqlFiles(files.location()).build()) {
      migrator.prepare();
    } catch (MigratorException | DataAccessException | TransactionException ex) {
      assertThat(dataSource.hasStruck()).as("%s", ex).isTrue();
    }
  }
}
