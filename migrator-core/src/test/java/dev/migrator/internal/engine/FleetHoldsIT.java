package dev.migrator.internal.engine;

import static dev.migrator.DualWrite.byApplication;
import static dev.migrator.internal.engine.Fixture.AUTO;
import static dev.migrator.internal.engine.Fixture.awaitPhase;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.MappedColumn;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.settings.ContractMode;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.Hold.Reason;
import dev.migrator.status.MigrationStatus.State;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What holds a contract or an undo beside the releases themselves. */
class FleetHoldsIT extends UsersFleet {

  @Test
  void whatIsMappedHoldsTheContract() {
    Migrator starting = fixture.started(fixture.release(AUTO, "2.0", WHOLE).mapsLater());
    awaitHeld(starting, Reason.MAPPED);
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(
            () -> starting.mapped(List.of(new MappedColumn("users", "name", "entity User"))))
        .withMessageContainingAll("dropColumn(\"name\")", "entity User", "full-name-bean");

    List<MappedColumn> person = List.of(new MappedColumn("users", "name", "entity Person"));
    Migrator finished = fixture.started(fixture.release(AUTO, "3.0", Migration.completed(ID)));
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(() -> finished.mapped(person))
        .withMessageContainingAll("completed", "entity Person");
    finished.close();

    Migrator old = fixture.started(fixture.release(AUTO, "1.5", BACKFILLED));
    old.mapped(person);
    starting.mapped(List.of(new MappedColumn("users", "full_name", "entity User")));
    awaitHeld(starting, Reason.OLD_INSTANCES, Reason.MAPPED);
    assertThat(starting.status(ID).orElseThrow().holds())
        .anySatisfy(it -> assertThat(it.message()).contains("entity Person", "shop 1.5"));

    old.close();
    awaitPhase(starting, ID, Phase.CONTRACT);
  }

  @Test
  void theSoakTimeBeginsWhenTheLastOneHasGone() {
    MigratorSettings soaking =
        AUTO.toBuilder().contract(it -> it.soak(Duration.ofHours(1))).build();
    Migrator old = fixture.started(fixture.release(AUTO, "1.0"));
    Migrator whole =
        fixture.started(
            Fixture.builder(fixture.dataSource())
                .settings(soaking)
                .application("shop", "2.0")
                .declare("bean", WHOLE));
    awaitHeld(whole, Reason.OLD_INSTANCES);
    old.close();
    awaitHeld(whole, Reason.SOAK);
    // It sleeps until the end of the hour, and looks again when it gets a command.
    fixture.execute("UPDATE migrator.instance SET left_at = left_at - interval '1 hour'");
    whole.execute(ID, OperatorCommand.PAUSE);
    whole.execute(ID, OperatorCommand.RESUME);
    awaitPhase(whole, ID, Phase.CONTRACT);
  }

  @Test
  void theCommandDoesNotOverruleTheFleet() {
    MigratorSettings manual = AUTO.toBuilder().contract(it -> it.mode(ContractMode.MANUAL)).build();
    Migrator old = fixture.started(fixture.release(AUTO, "1.0"));
    Migrator whole =
        fixture.started(
            Fixture.builder(fixture.dataSource()).settings(manual).declare("bean", WHOLE));
    awaitHeld(whole, Reason.CONTRACT_NOT_APPROVED, Reason.OLD_INSTANCES);
    whole.execute(ID, OperatorCommand.CONTRACT);
    awaitHeld(whole, Reason.OLD_INSTANCES);
    old.close();
    awaitPhase(whole, ID, Phase.CONTRACT);
  }

  /** They hold nothing, but a person should know of them. */
  @Test
  void usersThatNobodyHasRegisteredAreWarnedOf() throws Exception {
    fixture.execute(
        """
        CREATE VIEW public.pg_stat_statements AS
        SELECT (SELECT oid FROM pg_database WHERE datname = current_database()) AS dbid, 7 AS calls, query
          FROM unnest(ARRAY['SELECT name FROM users WHERE id = $1', 'SELECT full_name FROM users',
                            'SELECT name FROM products', 'CREATE ROLE name_users PASSWORD ''x'' -- name users']) AS query""");
    MigratorSettings manual = AUTO.toBuilder().contract(it -> it.mode(ContractMode.MANUAL)).build();
    Migrator whole =
        fixture.started(
            Fixture.builder(fixture.dataSource()).settings(manual).declare("bean", WHOLE));
    awaitHeld(whole, Reason.CONTRACT_NOT_APPROVED);
    assertThat(whole.status(ID).orElseThrow().warnings())
        .containsExactly(
            "called 7 times since the statistics were reset: SELECT name FROM users WHERE id = $1");

    try (Connection report = fixture.database().dataSource().getConnection()) {
      report.createStatement().execute("SET application_name = 'nightly report'");
      assertThat(whole.status(ID).orElseThrow().warnings().get(0))
          .contains("1 session(s)", "application \"nightly report\"", "no registered instance");
    }
    fixture.execute("DROP VIEW public.pg_stat_statements");
    fixture.execute("CREATE VIEW public.pg_stat_statements AS SELECT 1 / 0 AS dbid");
    assertThat(whole.status(ID).orElseThrow().warnings()).as("not readable").isEmpty();
  }

  @Test
  void anUndoOfWhichNothingHasBegunIsWithdrawn() {
    Migrator first = fixture.started(fixture.release(AUTO, "1.0", BACKFILLED));
    awaitPhase(first, ID, Phase.BACKFILL);
    first.close();
    String before = fixture.catalog();
    Migrator idle = fixture.release(AUTO, "1.0", BACKFILLED).build();
    idle.execute(ID, OperatorCommand.UNDO);
    idle.execute(ID, OperatorCommand.RESUME);
    Migrator second = fixture.started(fixture.release(AUTO, "1.1", BACKFILLED));
    assertThat(second.status(ID).orElseThrow().state()).isEqualTo(State.REACHED);
    assertThat(second.status(ID).orElseThrow().phase()).isEqualTo(Phase.BACKFILL);
    assertThat(fixture.catalog()).isEqualTo(before);
    idle.close();
  }

  /** The leader died between two steps of the undo. */
  @Test
  void whatIsUndoneAlreadyIsDoneAgainWhenTheUndoIsWithdrawn() {
    fixture.execute("CREATE INDEX by_name ON users (name, id)");
    Migrator first = fixture.started(fixture.release(AUTO, "1.0", BACKFILLED));
    awaitPhase(first, ID, Phase.BACKFILL);
    first.close();
    String before = fixture.catalog();
    String index =
        fixture.value(
            "SELECT indexrelid::regclass FROM pg_index WHERE indrelid = 'users'::regclass AND indexrelid::regclass::text LIKE '%migrator%'");
    fixture.execute(
        "UPDATE migrator.migration SET undoing = true",
        "UPDATE migrator.step SET state = 'UNDONE' WHERE phase = 'BACKFILL' AND name NOT LIKE 'backfill%'",
        "DROP INDEX " + index);
    Migrator idle = fixture.release(AUTO, "1.0", BACKFILLED).build();
    idle.execute(ID, OperatorCommand.RESUME);
    assertThat(idle.status(ID).orElseThrow().phase()).isEqualTo(Phase.DUAL_WRITE);
    idle.close();
    Migrator second = fixture.started(fixture.release(AUTO, "1.1", BACKFILLED));
    awaitPhase(second, ID, Phase.BACKFILL);
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  /** Whoever leads looks again at who runs, if the journal says something else than before. */
  @Test
  void aReaderThatCameWithAnUndoWhileTheLeaseWasTakenHoldsIt() {
    var kept =
        Migration.define(ID)
            .table("users")
            .addColumn("full_name", "text")
            .dualWrite("name", "full_name", byApplication());
    Migrator first = fixture.started(fixture.release(AUTO, "1.0", kept));
    awaitPhase(first, ID, Phase.DUAL_WRITE);
    first.close();
    String token = fixture.value("SELECT token FROM migrator.lease WHERE name = 'leader'");
    HookedDataSource leading =
        new HookedDataSource(
            fixture.dataSource(), "SET token = lease.token + 1", this::undoBesideAReader);
    fixture.started(
        Fixture.builder(leading)
            .settings(AUTO)
            .application("shop", "1.1")
            .declare("bean", kept.backfill()));
    String led =
        "SELECT expires_at = '-infinity' FROM migrator.lease WHERE name = 'leader' AND token > "
            + token;
    Fixture.await(() -> "t".equals(fixture.value(led)), () -> String.valueOf(fixture.value(led)));
    Migrator idle = fixture.release(AUTO, "1.0", kept.backfill()).build();
    assertThat(reasons(idle)).containsExactly(Reason.READS_NEW_SIDE);
    idle.close();
  }

  private void undoBesideAReader() {
    try (Registration registration = new Registration(fixture)) {
      registration
          .of(
              "reader",
              "2.0",
              "{\"%s\": {\"phase\": \"SWITCH_READ\", \"readsNew\": true, \"atRuntime\": false, \"writesNew\": false, \"waits\": false}}"
                  .formatted(ID))
          .commit();
    } catch (SQLException ex) {
      throw new IllegalStateException(ex);
    }
    fixture.execute("UPDATE migrator.migration SET undoing = true");
  }

  @Test
  void offIsOff() {
    MigratorSettings off = AUTO.toBuilder().contract(it -> it.mode(ContractMode.OFF)).build();
    Migrator whole =
        fixture.started(Fixture.builder(fixture.dataSource()).settings(off).declare("bean", WHOLE));
    awaitHeld(whole, Reason.CONTRACT_OFF);
    whole.execute(ID, OperatorCommand.CONTRACT);
    awaitHeld(whole, Reason.CONTRACT_OFF);
  }
}
