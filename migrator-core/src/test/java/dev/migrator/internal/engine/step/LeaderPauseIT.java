package dev.migrator.internal.engine.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.internal.Timings;
import dev.migrator.internal.journal.Installation;
import dev.migrator.internal.lease.Lease;
import dev.migrator.internal.lease.Lease.Purpose;
import dev.migrator.internal.lease.LeaseLostException;
import dev.migrator.internal.sql.Database;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pause of an hour ends at once if there is a reason. */
@Timeout(180)
class LeaderPauseIT {

  private static final Timings TIMINGS = Timings.defaults();

  private final TestDatabase testDatabase = TestPostgres.newDatabase();

  private final Database database = new Database(testDatabase.dataSource());

  private final Lease leader =
      new Lease(database, "leader", Duration.ofMinutes(5), TIMINGS.leading());

  private final Lease other =
      new Lease(database, "other", Duration.ofMinutes(5), TIMINGS.leading());

  private final StopSignal signal = new StopSignal();

  private final Deadline deadline = new Deadline();

  private final LeaderPause pause = new LeaderPause(database, leader, signal, deadline, TIMINGS);

  @BeforeEach
  void lead() {
    Installation.ensure(database);
    leader.tryAcquire(Purpose.BACKGROUND);
  }

  @AfterEach
  void close() {
    testDatabase.close();
  }

  private boolean pause() {
    return pause.until(System.nanoTime() + TimeUnit.HOURS.toNanos(1));
  }

  @Test
  void whenTheStartOfAnotherWantsToLead() {
    other.want(Purpose.START);
    assertThat(pause()).isFalse();
    assertThat(pause.until(System.nanoTime())).as("what is due is tried").isTrue();
  }

  @Test
  void whenItIsToldToEnd() {
    signal.stop();
    assertThat(pause()).isFalse();
  }

  @Test
  void atTheDeadline() {
    deadline.at(System.nanoTime());
    assertThat(pause()).as("one more try").isTrue();
  }

  @Test
  void whenAnotherLeads() {
    database.inTransaction(
        () ->
            database.execute("UPDATE migrator.lease SET token = token + 1 WHERE name = 'leader'"));
    assertThatExceptionOfType(LeaseLostException.class).isThrownBy(this::pause);
  }
}
