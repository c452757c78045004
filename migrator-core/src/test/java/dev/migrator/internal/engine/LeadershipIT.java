package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.migrator.internal.Timings;
import dev.migrator.internal.journal.Installation;
import dev.migrator.internal.journal.JournalGuard;
import dev.migrator.internal.lease.Lease;
import dev.migrator.internal.lease.Lease.Purpose;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Outages;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A leader that does not reach the database once leads on. */
class LeadershipIT {

  private static final Duration LONG = Duration.ofMinutes(10);

  private static final Timings TIMINGS = Timings.defaults();

  private final TestDatabase testDatabase = TestPostgres.newDatabase();

  private final AtomicInteger lost = new AtomicInteger();

  private final Database database =
      new Database(
          new HookedDataSource(
              testDatabase.dataSource(), "UPDATE migrator.lease SET expires_at", this::lose));

  private final Lease lease = new Lease(database, "leader", LONG, TIMINGS.leading());

  private final Leadership leadership =
      new Leadership(lease, new JournalGuard(database, null), LONG, new Outages(), TIMINGS);

  @AfterEach
  void close() {
    leadership.resign();
    testDatabase.close();
  }

  @Test
  void aRenewalWhoseConnectionIsLostLosesNoLead() {
    Installation.ensure(database);
    assertThat(leadership.tryLead(Purpose.BACKGROUND)).isTrue();
    Instant until = until();

    leadership.renew();
    assertThat(lost).hasValue(1);
    assertThat(until()).as("it was not renewed").isEqualTo(until);
    assertThat(lease.isHeld()).isTrue();
    Lease other = new Lease(database, "other", LONG, TIMINGS.leading());
    assertThat(other.tryAcquire(Purpose.START)).isFalse();
    assertThatCode(() -> database.inTransaction(lease::check)).doesNotThrowAnyException();

    leadership.renew();
    assertThat(until()).isAfter(until);
    assertThat(database.read(lease::leader).orElseThrow().instance()).isEqualTo("leader");
  }

  private Instant until() {
    return database.read(lease::leader).orElseThrow().expiresAt();
  }

  private void lose(Connection connection) {
    lost.incrementAndGet();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_terminate_backend(pg_backend_pid())");
    } catch (SQLException ex) {
      // It has ended.
    }
  }
}
