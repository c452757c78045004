package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.plan.PlannedMigration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Between an instance's look at the journal and its look at the catalog, another one begins the
 * same migration. What that one has made is no fault of the declaration.
 */
class OvertakenIT {

  private static final Migration MIGRATION =
      Migration.define("m").table("t").renameColumn("a", "b").switchRead();

  /** The first look at a table when a declaration is compared with the catalog. */
  private static final String COMPARES = "WHERE c.oid = to_regclass(?)";

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void table() {
    fixture.execute("CREATE TABLE t (id int PRIMARY KEY, a text)", "INSERT INTO t VALUES (1, 'x')");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aStartIsNotRefused() {
    Migrator release = started();
    HookedDataSource other = doneMeanwhile(() -> true);
    Migrator migrator = fixture.migrator(other, Fixture.SETTINGS, MIGRATION);
    migrator.prepare();
    assertThat(other.isDone()).isTrue();
    assertThat(migrator.status("m").orElseThrow().phase()).isEqualTo(Phase.SWITCH_READ);
    assertThat(release.isRunning()).isTrue();
  }

  /** It was frozen for longer than its lease, as its phase was about to begin. */
  @Test
  void aLeaderThatLeadsNoLongerIsNotRefused() {
    started();
    HookedDataSource other = doneMeanwhile(this::endLease);
    Migrator migrator = fixture.migrator(other, Fixture.SETTINGS, MIGRATION);
    migrator.prepare();
    assertThat(other.isDone()).isTrue();
    assertThat(migrator.status("m").orElseThrow().phase()).isEqualTo(Phase.SWITCH_READ);
  }

  /** What it would add is there by now, but is another thing. */
  @Test
  void aStartWithAnotherDefinitionIsRefused() {
    assertRefused(Migration.define("m").table("t").addColumn("b", "integer"));
  }

  /** What it would add fits beside what is there by now. */
  @Test
  void aStartThatNamesItOtherwiseIsRefused() {
    assertRefused(Migration.define("m").table("t").renameColumn("a", "c").switchRead());
  }

  private void assertRefused(Migration declared) {
    started();
    HookedDataSource other = doneMeanwhile(() -> true);
    Migrator migrator = fixture.migrator(other, Fixture.SETTINGS, declared);
    assertThatThrownBy(migrator::prepare)
        .isInstanceOf(InvalidMigrationException.class)
        .hasMessageContaining("was changed after it ran");
    assertThat(other.isDone()).isTrue();
  }

  @Test
  void aPlanIsReadAgain() {
    HookedDataSource other = doneMeanwhile(() -> true);
    Migrator migrator = fixture.migrator(other, Fixture.SETTINGS, MIGRATION);
    assertReached(migrator.plan().migrations().get(0));
    assertThat(other.isDone()).isTrue();
  }

  @Test
  void aPlanOfOneIsReadAgain() {
    HookedDataSource other = doneMeanwhile(() -> true);
    Migrator migrator = fixture.migrator(other, Fixture.SETTINGS, MIGRATION);
    assertReached(migrator.plan("m").orElseThrow());
    assertThat(other.isDone()).isTrue();
  }

  private static void assertReached(PlannedMigration planned) {
    assertThat(planned.problem()).isNull();
    assertThat(planned.reached()).isEqualTo(Phase.SWITCH_READ);
    assertThat(planned.state()).isEqualTo(PlannedMigration.State.REACHED);
  }

  /** A release that declares nothing and lives, so that nothing is done in one transaction. */
  private Migrator started() {
    Migrator migrator = fixture.migrator();
    migrator.prepare();
    migrator.start();
    return migrator;
  }

  /** Has another instance do it all once, when a declaration is compared with the catalog. */
  private HookedDataSource doneMeanwhile(BooleanSupplier condition) {
    return HookedDataSource.patient(
        fixture.dataSource(),
        COMPARES,
        condition,
        () -> fixture.reach(Phase.SWITCH_READ, MIGRATION));
  }

  /** Returns whether anybody led, who does not any longer. */
  private boolean endLease() {
    return fixture
            .jdbc()
            .sql(
                "UPDATE migrator.lease SET expires_at = '-infinity' WHERE expires_at > now() AND starting")
            .update()
        > 0;
  }
}
