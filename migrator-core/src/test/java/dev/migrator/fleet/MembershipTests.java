package dev.migrator.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.FleetListener;
import dev.migrator.FleetSettings;
import dev.migrator.journal.Installation;
import dev.migrator.postgres.Database;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;

/** An instance that was taken for gone serves again only if what it needs was seen to be there. */
class MembershipTests {

  private static final Duration LEASE_TIME = Duration.ofMinutes(10);

  private static final FleetSettings SETTINGS =
      FleetSettings.defaults().withLeaseTime(LEASE_TIME).withHeartbeat(Duration.ofMillis(100));

  private final TestDatabase testDatabase = TestPostgres.newDatabase();

  private final Database database = new Database(testDatabase.dataSource());

  private final Registry registry = new Registry(database, LEASE_TIME);

  private final Self self =
      new Self(UUID.randomUUID(), "one", false, "application", "1", Map.of(), false);

  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

  private final AtomicInteger looks = new AtomicInteger();

  private @Nullable Membership membership;

  @BeforeEach
  void install() {
    Installation.ensure(database);
  }

  @AfterEach
  void close() {
    if (membership != null) {
      membership.leave();
    }
    testDatabase.close();
  }

  @Test
  void comesBackIfNothingItNeedsIsGone() throws InterruptedException {
    Membership joined = join(null);
    takeForGone();
    assertThat(next()).isEqualTo("paused");
    assertThat(next()).isEqualTo("resumed");
    assertThat(joined.mayServe()).isTrue();
    assertThat(registry.read(Duration.ZERO).live()).hasSize(1);
  }

  @Test
  void staysAwayIfItIs() throws InterruptedException {
    Membership joined = join("name is gone");
    takeForGone();
    assertThat(next()).isEqualTo("paused");
    assertThat(next()).isEqualTo("refused: name is gone");
    assertThat(joined.mayServe()).isFalse();
    assertThat(registry.read(Duration.ZERO).live()).isEmpty();
  }

  @Test
  void aHeartbeatIsNotEnoughWhereTheLookFailed() throws InterruptedException {
    looks.set(-3); // The first looks meet a database that does not answer.
    Membership joined = join("name is gone");
    takeForGone();
    assertThat(next()).isEqualTo("paused");
    assertThat(next()).isEqualTo("refused: name is gone");
    assertThat(joined.mayServe()).isFalse();
    assertThat(looks).hasValue(1);
  }

  private Membership join(@Nullable String refusal) {
    ReadSwitches switches = new ReadSwitches(registry, self, Duration.ZERO, Map.of(), Set.of());
    Membership made =
        new Membership(
            registry,
            self,
            SETTINGS,
            new Told(),
            switches,
            () -> {
              if (looks.incrementAndGet() <= 0) {
                throw new DataAccessResourceFailureException("no answer");
              }
              return refusal;
            });
    made.join();
    membership = made;
    return made;
  }

  private void takeForGone() {
    database.inTransaction(
        () -> {
          database.execute("UPDATE migrator.instance SET expires_at = clock_timestamp()");
          registry.markGone();
        });
  }

  private @Nullable String next() throws InterruptedException {
    return told.poll(30, TimeUnit.SECONDS);
  }

  private final class Told implements FleetListener {

    @Override
    public void paused(String reason) {
      told.add("paused");
    }

    @Override
    public void resumed() {
      told.add("resumed");
    }

    @Override
    public void refused(String reason) {
      told.add("refused: " + reason);
    }
  }
}
