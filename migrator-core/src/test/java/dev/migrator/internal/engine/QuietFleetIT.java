package dev.migrator.internal.engine;

import static dev.migrator.ReadTime.atRuntime;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.settings.ContractMode;
import dev.migrator.status.Hold;
import dev.migrator.status.MigrationStatus;
import dev.migrator.test.Await;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** An instance that has nothing to do asks the database nothing but by its heartbeat. */
class QuietFleetIT {

  private static final Migration.Backfilled BACKFILLED =
      Migration.define("m").table("users").renameColumn("name", "full_name");

  private static final int BEATS = 10;

  private final Fixture fixture = new Fixture();

  private final Counting counting = new Counting(fixture.dataSource());

  @BeforeEach
  void table() {
    fixture.execute(
        "CREATE TABLE users (id bigint PRIMARY KEY, name text)",
        "INSERT INTO users VALUES (1, 'Ada')");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void withoutAnyMigration() {
    assertThatItRests(start(ContractMode.AUTO));
  }

  @Test
  void withOneThatIsReached() {
    Migrator migrator = start(ContractMode.AUTO, BACKFILLED);
    Fixture.awaitState(migrator, "m", MigrationStatus.State.REACHED);
    assertThatItRests(migrator);
  }

  @Test
  void withOneThatHasSwitchedAtRuntime() {
    Migrator migrator = start(ContractMode.AUTO, BACKFILLED.switchRead(atRuntime()));
    Await.until(() -> migrator.readSwitch().readsNew("m"));
    Fixture.awaitState(migrator, "m", MigrationStatus.State.REACHED);
    assertThatItRests(migrator);
  }

  @Test
  void withOneThatIsCompleted() {
    Migrator migrator = start(ContractMode.AUTO, BACKFILLED.switchRead().dropColumn("name"));
    Fixture.awaitState(migrator, "m", MigrationStatus.State.COMPLETED);
    assertThatItRests(migrator);
  }

  @Test
  void withOneThatWaitsForACommand() {
    Migrator migrator = start(ContractMode.MANUAL, BACKFILLED.switchRead().dropColumn("name"));
    Await.until(
        () ->
            migrator.status("m").orElseThrow().holds().stream()
                .anyMatch(it -> it.reason() == Hold.Reason.CONTRACT_NOT_APPROVED));
    assertThatItRests(migrator);
  }

  /** And wakes when another instance got the command, and has ended since. */
  @Test
  void untilSomebodyGivesACommand() {
    Migrator migrator = start(ContractMode.MANUAL, BACKFILLED.switchRead().dropColumn("name"));
    Fixture.awaitPhase(migrator, "m", Phase.SWITCH_READ);
    assertThatItRests(migrator);
    Migrator other = fixture.migrator(Fixture.SETTINGS);
    other.execute("m", OperatorCommand.CONTRACT);
    other.close();
    Fixture.awaitPhase(migrator, "m", Phase.CONTRACT);
  }

  private Migrator start(ContractMode mode, Migration... migrations) {
    Migrator migrator =
        fixture.migrator(
            counting,
            Fixture.SETTINGS.toBuilder()
                .contract(it -> it.mode(mode).retention(Duration.ZERO))
                .fleet(it -> it.leaseTime(Duration.ofSeconds(6)).heartbeat(Duration.ofMillis(100)))
                .build(),
            migrations);
    migrator.prepare();
    migrator.start();
    return migrator;
  }

  private void assertThatItRests(Migrator migrator) {
    // It may have learnt a moment ago that it has nothing to do.
    Await.until(() -> isQuietFor(BEATS), () -> String.valueOf(migrator.status()));
  }

  /** Whether nothing asked the database during so many heartbeats but these. */
  private boolean isQuietFor(int number) {
    long from = beats();
    int before = counting.connections.get();
    Await.until(() -> beats() >= from + number);
    int after = counting.connections.get();
    return after - before <= beats() - from + 1;
  }

  private long beats() {
    return Long.parseLong(
        fixture.value("SELECT max(beats) FROM migrator.instance WHERE left_at IS NULL"));
  }

  private static final class Counting extends DelegatingDataSource {

    private final AtomicInteger connections = new AtomicInteger();

    Counting(DataSource target) {
      super(target);
    }

    @Override
    public Connection getConnection() throws SQLException {
      connections.incrementAndGet();
      return super.getConnection();
    }
  }
}
