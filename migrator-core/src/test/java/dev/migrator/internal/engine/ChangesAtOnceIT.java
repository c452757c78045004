package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.AUTO;
import static dev.migrator.internal.engine.Fixture.awaitState;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.MigratorBuilder;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.MigrationStatus.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes that run in one transaction on a new database, as if each ran in its own. */
@Tag("server-version")
class ChangesAtOnceIT {

  private static final MigratorSettings SETTINGS =
      AUTO.toBuilder()
          .lock(it -> it.hold(Duration.ofSeconds(20)))
          .fleet(it -> it.leaseTime(Duration.ofMinutes(5)))
          .safety(it -> it.oneTransactionRows(1_000))
          .build();

  private static final MigratorSettings ONE_BY_ONE =
      SETTINGS.toBuilder().safety(it -> it.oneTransactionRows(0)).build();

  private final Fixture fixture = new Fixture();

  private final CountingDataSource counting = new CountingDataSource(fixture.dataSource());

  @TempDir Path folder;

  @AfterEach
  void close() {
    fixture.close();
  }

  private static void tables(Fixture fixture, int number) {
    for (int i = 0; i < number; i++) {
      fixture.execute(
          "CREATE TABLE t%d (id int PRIMARY KEY, a text NOT NULL DEFAULT 'x' UNIQUE, other int CHECK (other > 0))"
              .formatted(i),
          "CREATE INDEX ON t%1$d (lower(a)) WHERE other IS NULL".formatted(i),
          "COMMENT ON COLUMN t%d.a IS 'what it is'".formatted(i));
    }
  }

  private static Migration rename(int number) {
    return rename("t" + number, "a", "2026010100000" + number);
  }

  private static Migration rename(String table, String from, String id) {
    return Migration.define(id).table(table).renameColumn(from, "b").switchRead().dropColumn(from);
  }

  private static Migration[] renames(int number) {
    return IntStream.range(0, number).mapToObj(ChangesAtOnceIT::rename).toArray(Migration[]::new);
  }

  /** In which transaction each was made: changes of one have the same letter. */
  private String together() {
    return fixture.value(
        "SELECT string_agg(chr(96 + t::int), '' ORDER BY id) FROM (SELECT dense_rank() OVER (ORDER BY started_at) AS t, migration_id AS id FROM migrator.step WHERE phase = 'EXPAND') AS s");
  }

  @Test
  void theyEndWhereTheyEndOneByOne() {
    try (Fixture other = new Fixture()) {
      complete(other, ONE_BY_ONE);
      complete(fixture, SETTINGS);
      assertThat(together()).isEqualTo("aaaa");
      assertThat(fixture.catalog()).isEqualTo(other.catalog());
      String recorded =
          "SELECT string_agg(migration_id || ' ' || phase || ' ' || name || ' ' || state, chr(10) ORDER BY migration_id, phase, name) FROM migrator.step WHERE phase <> 'CONTRACT'";
      assertThat(fixture.value(recorded)).isEqualTo(other.value(recorded));
    }
  }

  private static void complete(Fixture fixture, MigratorSettings settings) {
    tables(fixture, 4);
    Migrator migrator = fixture.migrator(retaining(settings), renames(4));
    migrator.prepare();
    migrator.start();
    for (int i = 0; i < 4; i++) {
      awaitState(migrator, rename(i).id(), State.COMPLETED);
    }
  }

  /** Without a retention time a contract that goes through its phases ends there as well. */
  private static MigratorSettings retaining(MigratorSettings settings) {
    return settings.toBuilder().contract(it -> it.retention(Duration.ZERO)).build();
  }

  @Test
  void oneThatDoesNotFitIsDoneByItself() {
    tables(fixture, 5);
    fixture.execute(
        "DROP TABLE t2",
        "CREATE TABLE t2 (id int PRIMARY KEY, a text) PARTITION BY RANGE (id)",
        "CREATE TABLE part PARTITION OF t2 DEFAULT");
    Migrator migrator = fixture.migrator(SETTINGS, renames(5));
    migrator.prepare();
    assertThat(fixture.value("SELECT string_agg(phase, ',') FROM migrator.migration"))
        .isEqualTo("SWITCH_READ,SWITCH_READ,SWITCH_READ,SWITCH_READ,SWITCH_READ");
    assertThat(together()).isEqualTo("aabcc");
  }

  @Test
  void nothingIsChangedIfOneIsInvalid() {
    tables(fixture, 3);
    String before = fixture.catalog();
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(
            () ->
                fixture
                    .migrator(SETTINGS, rename(0), rename(1), rename("t2", "none", "9"))
                    .prepare())
        .withMessageContaining("no column \"none\"");
    assertThat(fixture.catalog()).isEqualTo(before);
    assertThat(fixture.value("SELECT count(*) FROM migrator.migration WHERE begun IS NOT NULL"))
        .isEqualTo("0");
  }

  /** Whether the time is over before or behind the last of them. */
  @Test
  void nothingIsChangedIfOneIsInvalidThatTheTimeDoesNotSufficeFor() {
    tables(fixture, 6);
    String before = fixture.catalog();
    List<Migration> migrations = new ArrayList<>(List.of(renames(5)));
    migrations.add(rename("t5", "none", "9"));
    MigratorSettings brief =
        SETTINGS.toBuilder().lock(it -> it.hold(Duration.ofMillis(100))).build();
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(() -> fixture.migrator(brief, migrations.toArray(Migration[]::new)).prepare())
        .withMessageContaining("no column \"none\"");
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  @Test
  void aFileBetweenThemGoesInItsPlace() {
    tables(fixture, 2);
    new SqlFolder(folder)
        .write("20260101000002_more.sql", "CREATE TABLE t3 (id int PRIMARY KEY, a text)");
    MigratorBuilder builder =
        Fixture.builder(counting).settings(SETTINGS).sqlFiles("file:" + folder);
    for (int i : new int[] {0, 1, 3}) {
      builder.declare("bean" + i, rename(i));
    }
    Migrator migrator = builder.build();
    fixture.closing(migrator);
    migrator.prepare();
    assertThat(together()).isEqualTo("aabc");
  }

  @Test
  void whereAnotherInstanceLivesTheyGoThroughTheirPhases() {
    tables(fixture, 2);
    fixture.execute("CREATE TABLE u (a text)");
    Migrator first =
        fixture.migrator(SETTINGS, Migration.define("0").table("u").addColumn("c", "int"));
    first.prepare();
    first.start();
    Migrator migrator = fixture.migrator(SETTINGS, renames(2));
    migrator.prepare();
    assertThat(
            fixture.value(
                "SELECT count(*) FROM migrator.event WHERE detail = 'in one transaction' AND migration_id <> '0'"))
        .isEqualTo("0");
    assertThat(fixture.value("SELECT count(*) FROM migrator.migration WHERE phase = 'SWITCH_READ'"))
        .isEqualTo("2");
  }

  /** By queries that the server has planned for the first of them; each contract goes by itself. */
  @Test
  void eachTakesFewStatementsMore() {
    long few = statementsOf(2);
    counting.reset();
    try (Fixture other = new Fixture()) {
      CountingDataSource more = new CountingDataSource(other.dataSource());
      long all = statements(other, more, 9);
      assertThat((all - few) / 7).isLessThan(140);
      assertThat(more.count("PREPARE ")).isLessThan(150);
      assertThat(
              other.value(
                  "SELECT count(DISTINCT started_at) FROM migrator.step WHERE phase = 'EXPAND'"))
          .isEqualTo("1");
    }
  }

  private long statementsOf(int number) {
    return statements(fixture, counting, number);
  }

  private static long statements(Fixture fixture, CountingDataSource counting, int number) {
    for (int i = 0; i < number; i++) {
      fixture.execute("CREATE TABLE t%d (id int PRIMARY KEY, a text NOT NULL)".formatted(i));
    }
    Migrator migrator = fixture.migrator(counting, SETTINGS, renames(number));
    migrator.prepare();
    migrator.start();
    String completed = "SELECT count(*) FROM migrator.migration WHERE completed";
    Fixture.await(
        () -> fixture.value(completed).equals(String.valueOf(number)),
        () -> String.valueOf(migrator.status()));
    return counting.count("");
  }
}
