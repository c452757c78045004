package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.AUTO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.error.MigratorException;
import dev.migrator.internal.engine.FaultDataSource.Moment;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.MigrationStatus.State;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Changes that share a transaction: the instance that runs it dies, and one of them is undone. */
class ChangesAtOnceCutOffIT {

  private static final MigratorSettings SETTINGS =
      AUTO.toBuilder()
          .contract(it -> it.retention(Duration.ZERO))
          .lock(it -> it.hold(Duration.ofSeconds(20)))
          .fleet(it -> it.leaseTime(Duration.ofMinutes(5)))
          .safety(it -> it.oneTransactionRows(1_000))
          .build();

  private static final String[] IDS = {"1", "2", "3"};

  private static final String TOGETHER =
      "SELECT count(DISTINCT xmin::text) || ' of ' || count(*) FROM migrator.migration WHERE phase = 'SWITCH_READ'";

  private static final String STEPS =
      "SELECT string_agg(migration_id || ' ' || phase || ' ' || name || ' ' || state, chr(10) ORDER BY migration_id, phase, name) FROM migrator.step WHERE phase <> 'CONTRACT'";

  private final Fixture fixture = new Fixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private static Migration.Backfilled rename(String id) {
    return Migration.define(id).table("t" + id).renameColumn("a", "b");
  }

  private static Migration[] whole() {
    return Stream.of(IDS)
        .map(it -> rename(it).switchRead().dropColumn("a"))
        .toArray(Migration[]::new);
  }

  private static void tables(Fixture fixture) {
    for (String id : IDS) {
      fixture.execute(
          "CREATE TABLE t%s (id int PRIMARY KEY, a text NOT NULL UNIQUE)".formatted(id),
          "INSERT INTO t%s VALUES (1, 'x')".formatted(id));
    }
    Migrator journal = fixture.migrator(SETTINGS);
    journal.prepare();
    journal.close();
  }

  /** Each is done once, and the end is that of a life without a fault. */
  @ParameterizedTest
  @EnumSource
  void anInstanceThatDiesAtItsCommitHasDoneAllOrNone(Moment moment) {
    try (Fixture whole = new Fixture()) {
      tables(whole);
      Map<String, Integer> writes;
      try (FaultDataSource counting = FaultDataSource.counting(whole.database().dataSource());
          Migrator migrator = whole.migrator(counting, SETTINGS, whole())) {
        migrator.prepare();
        writes = counting.writes();
      }
      assertThat(whole.value(TOGETHER)).isEqualTo("1 of 3");
      assertThat(writes.keySet()).filteredOn(it -> it.contains("ALTER TABLE")).hasSize(1);
      String shared =
          writes.keySet().stream().filter(it -> it.contains("ALTER TABLE")).findAny().orElseThrow();
      complete(whole);

      tables(fixture);
      String before = fixture.catalog();
      cutOff(new FaultPoint(shared, 1, moment));
      if (moment == Moment.BEFORE) {
        assertThat(fixture.catalog()).isEqualTo(before);
        assertThat(fixture.value("SELECT count(*) FROM migrator.step")).isEqualTo("0");
      } else {
        assertThat(fixture.value(TOGETHER)).isEqualTo("1 of 3");
      }
      Leases.expire(fixture.jdbc());
      complete(fixture);
      assertThat(fixture.catalog()).isEqualTo(whole.catalog());
      assertThat(fixture.value(STEPS)).isEqualTo(whole.value(STEPS));
    }
  }

  private void cutOff(FaultPoint point) {
    try (FaultDataSource dataSource =
            new FaultDataSource(fixture.database().dataSource(), point, FaultDataSource.KILL);
        Migrator migrator = fixture.migrator(dataSource, SETTINGS, whole())) {
      try {
        migrator.prepare();
      } catch (MigratorException | DataAccessException | TransactionException ex) {
        assertThat(dataSource.hasStruck()).as("%s", ex).isTrue();
      }
      assertThat(dataSource.hasStruck()).isTrue();
    }
  }

  private static void complete(Fixture fixture) {
    Migrator migrator = fixture.migrator(SETTINGS, whole());
    migrator.prepare();
    migrator.start();
    for (String id : IDS) {
      Fixture.awaitState(migrator, id, State.COMPLETED);
      assertThat(fixture.value("SELECT b FROM t" + id)).isEqualTo("x");
    }
    migrator.close();
  }

  /** Each phase as if it had been reached alone, and the others stay where they are. */
  @Test
  void oneOfThemIsUndone() {
    tables(fixture);
    String before = fixture.catalog();
    Migration[] reading =
        Stream.of(IDS).map(it -> rename(it).switchRead()).toArray(Migration[]::new);
    try (Migrator migrator = fixture.migrator(SETTINGS, reading)) {
      migrator.prepare();
    }
    assertThat(fixture.value(TOGETHER)).isEqualTo("1 of 3");
    Migration[] writing = Stream.of(IDS).map(it -> rename(it)).toArray(Migration[]::new);
    Migrator migrator = fixture.migrator(SETTINGS, writing);
    migrator.prepare();
    migrator.start();
    undo(migrator, "2");
    assertThat(fixture.value("SELECT count(*) FROM migrator.migration WHERE phase = 'SWITCH_READ'"))
        .isEqualTo("2");
    fixture.execute("UPDATE t1 SET b = 'y'", "UPDATE t3 SET a = 'z'");
    assertThat(fixture.value("SELECT a || b FROM t1")).isEqualTo("yy");
    assertThat(fixture.value("SELECT a || b FROM t3")).isEqualTo("zz");
    undo(migrator, "3");
    undo(migrator, "1");
    assertThat(fixture.catalog()).isEqualTo(before);
    migrator.execute("2", OperatorCommand.RESUME);
    Fixture.awaitPhase(migrator, "2", Phase.BACKFILL);
    assertThat(fixture.value("SELECT a || b FROM t2")).isEqualTo("xx");
  }

  private void undo(Migrator migrator, String id) {
    for (String rest : new String[] {"BACKFILL", "DUAL_WRITE", "EXPAND", "NULL"}) {
      migrator.execute(id, OperatorCommand.UNDO);
      Fixture.await(() -> phase(id).equals(rest), () -> String.valueOf(migrator.status()));
    }
  }

  private String phase(String id) {
    return fixture.value("SELECT phase FROM migrator.migration WHERE id = '%s'".formatted(id));
  }
}
