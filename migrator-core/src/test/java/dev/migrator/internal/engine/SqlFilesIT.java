package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.AUTO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.MappedColumn;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.MigratorBuilder;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.error.CommandRefusedException;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.error.MigratorException;
import dev.migrator.error.NotReadyException;
import dev.migrator.error.StepFailedException;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.settings.RequireDown;
import dev.migrator.status.Hold;
import dev.migrator.status.MigrationEvent;
import dev.migrator.status.MigrationStatus;
import dev.migrator.status.MigrationStatus.State;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SQL files: in one order with the beans, once each, judged by what they change. */
@Tag("server-version")
class SqlFilesIT {

  private static final MigratorSettings BRIEF =
      AUTO.toBuilder().lock(it -> it.hold(Duration.ofMillis(300))).build();

  private static final String AVATAR = "20260115120000_add_avatar_url";

  private final Fixture fixture = new Fixture();

  @TempDir Path folder;

  private SqlFolder files;

  private int releases;

  @BeforeEach
  void table() {
    files = new SqlFolder(folder);
    fixture.execute(
        "CREATE TABLE users (id int PRIMARY KEY, name text, fax text)",
        "INSERT INTO users SELECT n, 'u' || n, 'f' || n FROM generate_series(1, 50) n");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private Migrator release(MigratorSettings settings, Migration... beans) {
    return release(fixture.dataSource(), settings, files.location(), beans);
  }

  private Migrator release(
      DataSource dataSource, MigratorSettings settings, String location, Migration... beans) {
    MigratorBuilder builder =
        Fixture.builder(dataSource)
            .settings(settings)
            .application("shop", "release-" + ++releases)
            .sqlFiles(location);
    for (Migration bean : beans) {
      builder.declare(bean.id() + "-bean", bean);
    }
    Migrator migrator = builder.build();
    fixture.closing(migrator);
    return migrator;
  }

  private Migrator started(MigratorSettings settings, Migration... beans) {
    Migrator migrator = release(settings, beans);
    migrator.prepare();
    migrator.start();
    return migrator;
  }

  private void runAndClose(Migration... beans) {
    Migrator migrator = release(AUTO, beans);
    migrator.prepare();
    migrator.close();
  }

  private String refusal(MigratorSettings settings, Migration... beans) {
    Migrator migrator = release(settings, beans);
    MigratorException[] refusal = new MigratorException[1];
    assertThatExceptionOfType(MigratorException.class)
        .isThrownBy(migrator::prepare)
        .satisfies(it -> refusal[0] = it);
    migrator.close();
    return refusal[0].getMessage();
  }

  private String order() {
    return fixture.value("SELECT id FROM migrator.migration ORDER BY created_at, id");
  }

  private static MigrationStatus status(Migrator migrator, String id) {
    return migrator.status(id).orElseThrow();
  }

  @Test
  void filesAndBeansRunOnceInOneOrder() {
    files
        .write(
            AVATAR + ".sql", "ALTER TABLE users ADD avatar_url text;\nALTER TABLE users ADD b int")
        .write("20260117_by_state.sql", "CREATE INDEX by_state ON users (state)")
        .write("20260115_first.sql", "CREATE TABLE first (id int)");
    Migration bean =
        Migration.define("2026-01-16-state")
            .table("users")
            .addColumn("state", "text", it -> it.defaultValue("'open'"));
    Migrator migrator = release(AUTO, bean);
    migrator.prepare();
    assertThat(order())
        .isEqualTo("20260115_first," + AVATAR + ",2026-01-16-state,20260117_by_state");
    assertThat(fixture.value("SELECT count(avatar_url) FROM users")).isEqualTo("0");
    MigrationStatus status = status(migrator, AVATAR);
    assertThat(status.state()).isEqualTo(State.REACHED);
    assertThat(status.bean()).endsWith(AVATAR + ".sql");
    assertThat(status.events())
        .filteredOn(it -> it.kind() == MigrationEvent.Kind.EFFECT)
        .extracting(MigrationEvent::detail)
        .singleElement()
        .asString()
        .contains("column public.users.avatar_url is added; column public.users.b is added");
    migrator.close();
    fixture.execute("DROP INDEX by_state");
    runAndClose(bean);
    assertThat(fixture.value("SELECT to_regclass('by_state')")).isEqualTo("NULL");
    assertThat(fixture.value("SELECT max(attempts) FROM migrator.step")).isEqualTo("1");
  }

  @Test
  void itIsUndoneByTheFileBesideIt() {
    String before = fixture.catalog();
    files
        .write(AVATAR + ".sql", "ALTER TABLE users ADD avatar_url text")
        .write(AVATAR + ".down.sql", "ALTER TABLE users DROP avatar_url")
        .write("20260116_no_way_back.sql", "CREATE INDEX i ON users (name)");
    Migrator migrator = release(AUTO);
    migrator.prepare();
    assertThatExceptionOfType(CommandRefusedException.class)
        .isThrownBy(() -> migrator.execute(AVATAR, OperatorCommand.UNDO))
        .withMessageContaining("release-1");
    migrator.close();
    fixture.execute("DROP INDEX i");
    Migrator older = fixture.migrator(AUTO);
    older.prepare();
    older.start();
    assertThatExceptionOfType(CommandRefusedException.class)
        .isThrownBy(() -> older.execute("20260116_no_way_back", OperatorCommand.UNDO))
        .withMessageContaining("20260116_no_way_back.down.sql");
    older.execute(AVATAR, OperatorCommand.UNDO);
    Fixture.await(() -> status(older, AVATAR).phase() == null, () -> "the undo");
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  @Test
  void aWayBackCanBeRequired() {
    MigratorSettings strict = AUTO.toBuilder().sql(it -> it.requireDown(RequireDown.FAIL)).build();
    files.write(AVATAR + ".sql", "ALTER TABLE users ADD avatar_url text");
    assertThat(refusal(strict)).contains(AVATAR + ".sql", "migrator.sql.require-down");
    assertThat(fixture.value("SELECT count(*) FROM migrator.migration")).isEqualTo("0");
    runAndClose();
    files
        .write("20260116_next.sql", "CREATE TABLE next (id int)")
        .write("20260116_next.down.sql", "DROP TABLE next");
    release(strict).prepare();
    assertThat(fixture.value("SELECT to_regclass('next')")).isEqualTo("next");
  }

  @Test
  void aStatementThatIsRefusedChangesNothing() {
    files
        .write("20260114_first.sql", "CREATE TABLE first (id int)")
        .write(
            AVATAR + ".sql",
            "CREATE TABLE a (id int);\n\nALTER TABLE users\n  ADD avatar_url txet;\n")
        .write("20260116_next.sql", "CREATE TABLE next (id int)");
    assertThat(refusal(AUTO))
        .contains(
            AVATAR + ".sql, line 4, character 18 of it",
            "\"txet\" does not exist",
            "ALTER TABLE USERS ADD AVATAR_URL TXET");
    assertThat(fixture.value("SELECT to_regclass('first')")).isEqualTo("first");
    assertThat(fixture.value("SELECT to_regclass('a')")).isEqualTo("NULL");
    assertThat(fixture.value("SELECT to_regclass('next')")).isEqualTo("NULL");
    assertThat(fixture.value("SELECT phase FROM migrator.migration WHERE id = '" + AVATAR + "'"))
        .isEqualTo("NULL");
    files.write(AVATAR + ".sql", "ALTER TABLE users ADD avatar_url text");
    runAndClose();
    assertThat(fixture.value("SELECT to_regclass('next')")).isEqualTo("next");
  }

  @Test
  void aFileThatWasChangedOrIsMissingIsRefusedAndRepaired() {
    files
        .write(AVATAR + ".sql", "ALTER TABLE users ADD avatar_url text")
        .write("20260116_next.sql", "CREATE TABLE next (id int)");
    runAndClose();
    files.write(AVATAR + ".sql", "-- as it was\nALTER TABLE users ADD avatar_url  text;");
    runAndClose();
    files.write(AVATAR + ".sql", "ALTER TABLE users ADD COLUMN avatar_url text");
    assertThat(refusal(AUTO))
        .contains(AVATAR + ".sql", "was changed after it ran", "migrator.sql.repair." + AVATAR);
    MigratorSettings repair =
        AUTO.toBuilder().sql(it -> it.repair(AVATAR, "only the word COLUMN")).build();
    Migrator repaired = release(repair);
    repaired.prepare();
    assertThat(status(repaired, AVATAR).events())
        .extracting(MigrationEvent::detail)
        .contains("REPAIR: only the word COLUMN");
    repaired.close();
    runAndClose();
    files.write(AVATAR + ".sql", "ALTER TABLE users ADD avatar_url text");
    runAndClose(); // the release before can be started again
    files.delete(AVATAR + ".sql");
    assertThat(refusal(AUTO)).contains(AVATAR, "is missing", "migrator.sql.repair." + AVATAR);
    release(repair).prepare();
    runAndClose();
    files.write(AVATAR + ".sql", "ALTER TABLE users ADD avatar_url text");
    runAndClose();
  }

  @Test
  void aReleaseStartsAgainBehindTheFilesOfANewerOne(@TempDir Path newer) {
    files.write("20260114_first.sql", "CREATE TABLE first (id int)");
    new SqlFolder(newer)
        .write("20260114_first.sql", "CREATE TABLE first (id int)")
        .write(AVATAR + ".sql", "ALTER TABLE users ADD avatar_url text");
    release(fixture.dataSource(), AUTO, "file:" + newer).prepare();
    runAndClose();
  }

  @Test
  void aFileThatComesLateIsRefusedUnlessItMay() {
    files.write("20260116_next.sql", "CREATE TABLE next (id int)");
    runAndClose();
    files.write(AVATAR + ".sql", "ALTER TABLE users ADD avatar_url text");
    assertThat(refusal(AUTO))
        .contains(
            AVATAR + ".sql", "has not run, but 20260116_next has", "migrator.sql.out-of-order");
    release(AUTO.toBuilder().sql(it -> it.outOfOrder(true)).build()).prepare();
    assertThat(fixture.value("SELECT count(avatar_url) FROM users")).isEqualTo("0");
    runAndClose();
  }

  @Test
  void whatTakesAwayIsRefusedFirst() {
    String before = fixture.catalog();
    files.write(
        "20260115_drop_fax.sql", "DO $$ BEGIN EXECUTE 'ALTER TABLE users DROP fax'; END $$");
    assertThat(refusal(AUTO))
        .contains(
            "column public.users.fax is removed or renamed",
            "-- migrator: contract",
            "dropColumn(…)",
            "allow column-removed")
        .contains("until " + LocalDate.now().plusMonths(1));
    assertThat(fixture.catalog()).isEqualTo(before);
    files.write(
        "20260115_drop_fax.sql",
        "-- migrator: allow column-removed \"empty\" until 2026-01-01\nALTER TABLE users DROP fax");
    Migrator other = fixture.started(fixture.release(AUTO, "old"));
    assertThat(refusal(AUTO)).contains("-- migrator: contract");
    other.close();
    files.write(
        "20260115_drop_fax.sql",
        "-- migrator: allow column-removed \"empty\" until 2999-01-01\nALTER TABLE users DROP fax");
    runAndClose();
    assertThat(
            fixture.value(
                "SELECT count(*) FROM information_schema.columns WHERE column_name = 'fax'"))
        .isEqualTo("0");
  }

  @Test
  void aContractWaitsForOlderReleasesAndKeepsNobodyElse() {
    Migrator old = started(AUTO);
    files
        .write("20260115_drop_fax.sql", "-- migrator: contract\nALTER TABLE users DROP fax")
        .write("20260115_drop_fax.down.sql", "ALTER TABLE users ADD fax text")
        .write("20260116_next.sql", "CREATE TABLE next (id int)")
        .write(
            "20260117_behind.sql",
            "-- migrator: after 20260115_drop_fax\nALTER TABLE users ADD fax int");
    Migrator migrator = started(AUTO);
    assertThat(fixture.value("SELECT to_regclass('next')")).isEqualTo("next");
    Fixture.await(
        () ->
            status(migrator, "20260115_drop_fax").holds().stream()
                .anyMatch(it -> it.reason() == Hold.Reason.OLD_INSTANCES),
        () -> "a hold");
    assertThat(status(migrator, "20260115_drop_fax").holds().get(0).message())
        .contains("20260115_drop_fax.sql", "shop release-1", "may use what the file");
    assertThat(status(migrator, "20260117_behind").holds().get(0).message())
        .contains("20260115_drop_fax");
    assertThat(fixture.value("SELECT count(fax) FROM users")).isEqualTo("50");
    old.close();
    Fixture.awaitPhase(migrator, "20260117_behind", Phase.EXPAND);
    assertThat(fixture.value("SELECT count(fax) FROM users")).isEqualTo("0");
    assertThatExceptionOfType(NotReadyException.class)
        .isThrownBy(() -> fixture.migrator(AUTO).prepare())
        .withMessageContainingAll("20260115_drop_fax", "contracted since");
  }

  @Test
  void aFileThatFailsBehindAContractThatIsHeldNamesIt() {
    Migrator old = started(AUTO);
    files
        .write("20260115_drop_fax.sql", "-- migrator: contract\nALTER TABLE users DROP fax")
        .write("20260116_fax.sql", "ALTER TABLE users ADD fax int");
    assertThat(refusal(AUTO))
        .contains("\"fax\" of relation \"users\" already exists")
        .contains("-- migrator: after 20260115_drop_fax");
    assertThat(old.isRunning()).isTrue();
  }

  /** Like in production, where the one was there before the other. */
  @Test
  void aNewDatabaseGetsContractsInTheirOrder() {
    files
        .write("20260115_drop_fax.sql", "-- migrator: contract\nALTER TABLE users DROP fax")
        .write("20260116_fax.sql", "ALTER TABLE users ADD fax int");
    release(AUTO).prepare();
    assertThat(
            fixture.value(
                "SELECT data_type FROM information_schema.columns WHERE column_name = 'fax'"))
        .isEqualTo("integer");
  }

  @Test
  void aLockIsNotHeldForLong() {
    String before = fixture.catalog();
    files.write(AVATAR + ".sql", "ALTER TABLE users ADD avatar_url text;\nSELECT pg_sleep(60)");
    assertThat(refusal(BRIEF))
        .contains(
            AVATAR + ".sql, line 2",
            "AccessExclusiveLock on public.users",
            "keeps reads and writes waiting",
            "300 ms (migrator.lock.hold)");
    fixture.execute(
        "CREATE FUNCTION slow(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT 1 FROM pg_sleep(1)'");
    files.write(AVATAR + ".sql", "CREATE INDEX i ON users (slow(id))");
    assertThat(refusal(BRIEF))
        .contains("ShareLock on public.users", "keeps writes waiting", "CREATE INDEX CONCURRENTLY");
    fixture.execute("DROP FUNCTION slow");
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  @Test
  void longWorkOnRowsHasToBeAnnounced() {
    String sql = "UPDATE users SET name = upper(name) FROM pg_sleep(1)";
    files.write("20260115_upper.sql", sql);
    assertThat(refusal(BRIEF)).contains("-- migrator: long", "backfill()");
    files.write("20260115_upper.sql", "-- migrator: long\n" + sql + ";\nSELECT 1");
    Migrator migrator = release(BRIEF);
    migrator.prepare();
    assertThat(fixture.value("SELECT count(*) FROM users WHERE name LIKE 'U%'")).isEqualTo("50");
    files.write("20260116_typo.sql", "-- migrator: long\nUPDATE users SET\n nmae = ''");
    assertThat(refusal(BRIEF)).contains("line 3, character 2 of it");
  }

  /** Also hidden in a block, where only another connection can see it. */
  @Test
  void longWorkHoldsNoLockForLong() {
    files.write(
        "20260115_block.sql",
        "-- migrator: long\nDO $$ BEGIN ALTER TABLE users ADD c int; PERFORM pg_sleep(60); END $$");
    assertThat(refusal(BRIEF))
        .contains("AccessExclusiveLock on public.users", "migrator.lock.hold");
  }

  @Test
  void withOneConnectionEverythingIsDone() {
    files
        .write("20260115_upper.sql", "-- migrator: long\nUPDATE users SET name = upper(name)")
        .write(AVATAR + ".sql", "ALTER TABLE users ADD avatar_url text")
        .write("20260116_drop_fax.sql", "-- migrator: contract\nALTER TABLE users DROP fax")
        .write("20260117_i.sql", "CREATE INDEX CONCURRENTLY i ON users (name)");
    Migrator migrator = release(fixture.pool(1), BRIEF, files.location());
    migrator.prepare();
    assertThat(fixture.value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass"))
        .isEqualTo("t");
    files.write("20260118_slow.sql", "-- migrator: long\nDO $$ BEGIN PERFORM pg_sleep(60); END $$");
    migrator.close();
    Migrator slow = release(fixture.pool(1), BRIEF, files.location());
    assertThatExceptionOfType(StepFailedException.class)
        .isThrownBy(slow::prepare)
        .withMessageContaining("migrator.lock.hold");
  }

  @Test
  void whatRunsAloneGoesOnWhereItFailed() {
    fixture.execute("INSERT INTO users VALUES (51, 'u1')");
    files.write(
        "20260115_i.sql",
        """
        -- migrator: contract
        ALTER TABLE users ADD n int;
        CREATE UNIQUE INDEX CONCURRENTLY once ON users (name);
        CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON public.users (n);
        """);
    Migrator migrator = started(AUTO);
    Fixture.awaitState(migrator, "20260115_i", State.FAILED);
    assertThat(status(migrator, "20260115_i").holds().get(0).message()).contains("line 3");
    assertThat(fixture.value("SELECT count(n) FROM users")).isEqualTo("0");
    assertThat(fixture.value("SELECT to_regclass('once')")).isEqualTo("NULL");
    fixture.execute("DELETE FROM users WHERE id = 51");
    migrator.execute("20260115_i", OperatorCommand.RETRY);
    Fixture.awaitPhase(migrator, "20260115_i", Phase.CONTRACT);
    assertThat(
            fixture.value(
                "SELECT bool_and(indisvalid) FROM pg_index WHERE indexrelid IN ('i'::regclass, 'once'::regclass)"))
        .isEqualTo("t");
  }

  @Test
  void anIndexThatWasLeftInvalidIsBuiltAnew() {
    fixture.execute("INSERT INTO users VALUES (51, 'u1')");
    assertThatExceptionOfType(Exception.class)
        .isThrownBy(() -> fixture.execute("CREATE UNIQUE INDEX CONCURRENTLY once ON users (name)"));
    assertThat(fixture.value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'once'::regclass"))
        .isEqualTo("f");
    fixture.execute("DELETE FROM users WHERE id = 51");
    files.write(
        "20260115_i.sql",
        "-- migrator: contract\nCREATE UNIQUE INDEX CONCURRENTLY once ON users (name)");
    Migrator migrator = started(AUTO);
    Fixture.awaitPhase(migrator, "20260115_i", Phase.CONTRACT);
    assertThat(fixture.value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'once'::regclass"))
        .isEqualTo("t");
    files.write(
        "20260116_i.sql",
        "-- migrator: contract\nCREATE UNIQUE INDEX CONCURRENTLY once ON users (name)");
    migrator.close();
    Migrator again = started(AUTO);
    Fixture.awaitState(again, "20260116_i", State.FAILED);
    assertThat(status(again, "20260116_i").holds().get(0).message()).contains("there already");
  }

  @Test
  void whatAFileSetsStaysInItsTransaction() {
    files.write(
        "20260115_path.sql",
        "SELECT set_config('search_path', 'elsewhere', false);\nSET LOCAL work_mem = '8MB';\nCREATE TABLE public.b (id int)");
    DataSource one = fixture.pool(1);
    release(one, AUTO, files.location()).prepare();
    try (var connection = one.getConnection();
        var rs = connection.createStatement().executeQuery("SELECT to_regclass('b')")) {
      rs.next();
      assertThat(rs.getString(1)).isEqualTo("b");
    } catch (java.sql.SQLException ex) {
      throw new IllegalStateException(ex);
    }
  }

  @Test
  void manyStartAtOnce() throws Exception {
    Migration bean =
        Migration.define("2026-01-15-t5-c")
            .table("t5")
            .addColumn("c", "text", it -> it.defaultValue("'x'"));
    for (int i = 0; i < 20; i++) {
      files.write(
          "202601%02d_t%d.sql".formatted(10 + i, i), "CREATE TABLE t%d (id int)".formatted(i));
    }
    files.write("20260131_c.sql", "CREATE INDEX ON t5 (c)");
    List<Callable<Void>> starts = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Migrator migrator = release(fixture.pool(1), AUTO, files.location(), bean);
      starts.add(
          () -> {
            migrator.prepare();
            return null;
          });
    }
    ExecutorService threads = Executors.newFixedThreadPool(starts.size());
    try {
      for (Future<Void> start : threads.invokeAll(starts)) {
        start.get();
      }
    } finally {
      threads.shutdown();
    }
    assertThat(
            fixture.value(
                "SELECT count(*) FROM migrator.step WHERE name = 'sql' AND state = 'DONE' AND attempts = 1"))
        .isEqualTo("21");
    assertThat(order()).contains("20260115_t5,2026-01-15-t5-c,20260116_t6").endsWith(",20260131_c");
  }

  /** The example of the documentation. */
  @Test
  void theyAreFoundOnTheClasspath() {
    DataSource dataSource = fixture.dataSource();
    Migrator migrator = Migrator.builder(dataSource).sqlFiles("classpath:db/migrator/").build();
    fixture.closing(migrator);
    migrator.prepare();
    assertThat(fixture.value("SELECT to_regclass('note')")).isEqualTo("note");
    assertThat(status(migrator, "20260115120000_note").bean())
        .isEqualTo("db/migrator/2026/20260115120000_note.sql");
  }

  @Test
  void aFolderThatIsNotThereIsRefused() {
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(() -> release(fixture.dataSource(), AUTO, "file:/nowhere/at/all"))
        .withMessageContainingAll("file:/nowhere/at/all", "migrator.locations");
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(() -> release(fixture.dataSource(), AUTO, "db/migrator"))
        .withMessageContaining("classpath: or file:");
  }

  /** Else a rolling deploy would wait for instances that wait for it. */
  @Test
  void aFileDoesNotWaitForABeanThatAHeldContractKeeps() {
    Migrator old = fixture.started(fixture.release(AUTO, "old"));
    Migration rename =
        Migration.define("2026-01-01-name")
            .table("users")
            .renameColumn("name", "full_name")
            .switchRead()
            .dropColumn("name");
    Migration index =
        Migration.define("2026-01-02-index").table("users").addIndex("by_name").on("full_name");
    files.write(AVATAR + ".sql", "ALTER TABLE users ADD avatar_url text");
    Migrator next = started(AUTO, rename, index);
    assertThat(next.status(AVATAR).orElseThrow().phase()).isEqualTo(Phase.EXPAND);
    old.close();
    Fixture.awaitPhase(next, "2026-01-02-index", Phase.BACKFILL);
  }

  /** A wider type is another result of a prepared statement as well. */
  @Test
  void onlyWhatGivesRowsOtherColumnsCountsAsAChangeOfThem() {
    files.write("20260101_a.sql", "CREATE TABLE other (id int, short varchar(10))");
    files.write("20260102_b.sql", "CREATE INDEX ON other (id)");
    runAndClose();
    assertThat(fixture.value("SELECT changes FROM migrator.announcement")).isEqualTo("0");
    files.write("20260103_c.sql", "ALTER TABLE other ALTER short TYPE varchar(20)");
    runAndClose();
    assertThat(fixture.value("SELECT changes FROM migrator.announcement")).isEqualTo("1");
    files.write("20260104_d.sql", "ALTER TABLE other ADD more int");
    runAndClose();
    assertThat(fixture.value("SELECT changes FROM migrator.announcement")).isEqualTo("2");
  }

  /** The history must run on every new database, whenever that is made. */
  @Test
  void anAllowanceThatIsOverCountsOnANewDatabase() {
    files.write("20260101_a.sql", "CREATE TABLE other (id int)");
    files.write(
        "20260102_b.sql",
        "-- migrator: allow table-removed \"nobody used it\" until 2026-02-01\nDROP TABLE other");
    runAndClose();
    assertThat(fixture.value("SELECT to_regclass('other')")).isEqualTo("NULL");

    Migrator other = fixture.started(fixture.release(AUTO, "old"));
    files.write("20260103_c.sql", "CREATE TABLE another (id int)");
    files.write(
        "20260104_d.sql",
        "-- migrator: allow table-removed \"nobody used it\" until 2026-02-01\nDROP TABLE another");
    assertThat(refusal(AUTO)).contains("20260104_d.sql", "takes away");
    other.close();
  }

  /** A declaration can be wrong, and the mappings show it. */
  @Test
  void whatALiveInstanceMapsIsNotTakenAway() {
    Migrator old = started(AUTO);
    files.write("20260115_drop_fax.sql", "-- migrator: contract\nALTER TABLE users DROP fax");
    Migrator migrator = started(AUTO);
    migrator.mapped(List.of(new MappedColumn("users", "fax", "entity User")));
    old.close();
    Fixture.awaitState(migrator, "20260115_drop_fax", State.FAILED);
    assertThat(status(migrator, "20260115_drop_fax").holds().get(0).message())
        .contains("entity User (column \"fax\" of \"users\") in shop release-2");
    assertThat(fixture.value("SELECT count(fax) FROM users")).isEqualTo("50");
    migrator.mapped(List.of(new MappedColumn("users", "name", "entity User")));
    migrator.execute("20260115_drop_fax", OperatorCommand.RETRY);
    Fixture.awaitPhase(migrator, "20260115_drop_fax", Phase.CONTRACT);
  }

  /** As pg_dump writes them. */
  @Test
  void aFileCanHaveTheRowsOfACopy() {
    files.write(
        "20260115_rows.sql",
        "COPY public.users (id, name) FROM stdin;\n101\tit's\n102\t\\N\n\\.\n\nUPDATE users SET fax = 'f' WHERE id > 100;\n");
    runAndClose();
    assertThat(fixture.value("SELECT string_agg(name || fax, ',') FROM users WHERE id > 100"))
        .isEqualTo("it'sf");
    assertThat(fixture.value("SELECT count(*) FROM users WHERE id > 100 AND name IS NULL"))
        .isEqualTo("1");
    files.write("20260116_bad.sql", "COPY users (id) FROM stdin;\nx\n\\.\n");
    assertThat(refusal(AUTO)).contains("20260116_bad.sql, line 1", "COPY USERS");
    files.write("20260116_bad.sql", "-- migrator: long\nCOPY users (id) FROM stdin;\n103\n\\.\n");
    runAndClose();
    assertThat(fixture.value("SELECT count(*) FROM users WHERE id > 100")).isEqualTo("3");
  }
}
