package dev.migrator.internal.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.FleetListener;
import dev.migrator.MappedColumn;
import dev.migrator.internal.Timings;
import dev.migrator.internal.journal.Installation;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Outages;
import dev.migrator.settings.FleetSettings;
import dev.migrator.test.Await;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** An instance that was presumed dead serves again only if what it needs was seen to be there. */
@Tag("server-version")
class MembershipIT {

  private static final Duration LONG = Duration.ofMinutes(10);

  private final TestDatabase testDatabase = TestPostgres.newDatabase();

  private final Database database = new Database(new HangingDataSource(testDatabase.dataSource()));

  private final Registry registry = new Registry(database, LONG, Timings.defaults());

  private final InstanceInfo self =
      new InstanceInfo(
          UUID.randomUUID(), "one", false, "application", "1", Map.of(), DeclaredFiles.NONE, false);

  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

  private final AtomicInteger looks = new AtomicInteger();

  private final CountDownLatch test = new CountDownLatch(1);

  private volatile boolean hangs;

  /** Whether the next connection breaks before it is used. */
  private volatile boolean loses;

  private volatile Runnable beforeHeartbeat = () -> {};

  private volatile Runnable afterHeartbeat = () -> {};

  private LongSupplier clock = System::nanoTime;

  private volatile Runnable whenPaused = () -> {};

  private @Nullable Membership membership;

  @BeforeEach
  void install() {
    Installation.ensure(database);
  }

  @AfterEach
  void close() {
    hangs = false;
    test.countDown();
    if (membership != null) {
      membership.leave();
    }
    testDatabase.close();
  }

  @Test
  void comesBackIfNothingItNeedsIsDropped() throws InterruptedException {
    Membership joined = join(null);
    presumeDead();
    assertThat(next()).isEqualTo("paused");
    assertThat(next()).isEqualTo("resumed");
    assertThat(joined.mayServe()).isTrue();
    assertThat(registry.read(Duration.ZERO).live()).hasSize(1);
  }

  @Test
  void staysAwayIfItIs() throws InterruptedException {
    Membership joined = join("name is dropped");
    presumeDead();
    assertThat(next()).isEqualTo("paused");
    assertThat(next()).isEqualTo("refused: name is dropped");
    assertThat(joined.mayServe()).isFalse();
    assertThat(registry.read(Duration.ZERO).live()).isEmpty();
  }

  /** Such as a start that fails, and is tried again by the same instance. */
  @Test
  void aHeartbeatOfAnEarlierStaySaysNothingOfThisOne() throws InterruptedException {
    Membership joined = join("name is dropped");
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch left = new CountDownLatch(1);
    CountDownLatch joinedAgain = new CountDownLatch(1);
    beforeHeartbeat =
        () -> {
          begun.countDown();
          awaitUninterrupted(left);
        };
    afterHeartbeat = () -> awaitUninterrupted(joinedAgain);
    assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
    joined.leave();
    beforeHeartbeat = () -> {};
    left.countDown();
    joined.join();
    long before = beats();
    afterHeartbeat = () -> {};
    joinedAgain.countDown();
    Await.until(() -> beats() > before + 1 || !joined.mayServe());
    assertThat(joined.refused()).isNull();
    assertThat(joined.wasPresumedDead()).isFalse();
    assertThat(joined.mayServe()).isTrue();
    assertThat(looks).hasValue(0);
  }

  @Test
  void aHeartbeatIsNotEnoughWhereTheLookFailed() throws InterruptedException {
    looks.set(-3); // The first looks meet a database that does not answer.
    Membership joined = join("name is dropped");
    presumeDead();
    assertThat(next()).isEqualTo("paused");
    assertThat(next()).isEqualTo("refused: name is dropped");
    assertThat(joined.mayServe()).isFalse();
    assertThat(looks).hasValue(1);
  }

  @Test
  void stopsServingThoughAllThatAsksTheDatabaseHangs() throws InterruptedException {
    Membership joined = join(null, Duration.ofSeconds(3), Set.of("switched-at-runtime"));
    hangs = true;
    assertThat(next()).isEqualTo("paused");
    assertThat(joined.mayServe()).isFalse();
  }

  /** Such as one that ends the application. */
  @Test
  void aListenerMayEndTheMembership() throws InterruptedException {
    Membership joined = join(null);
    whenPaused = joined::leave;
    presumeDead();
    assertThat(next()).isEqualTo("paused");
    assertThat(registry.read(Duration.ZERO).live()).isEmpty();
  }

  @Test
  void nobodyWaitsForAListenerAndItIsToldInOrder() throws InterruptedException {
    CountDownLatch slow = new CountDownLatch(1);
    whenPaused = () -> awaitQuietly(slow);
    Membership joined = join(null);
    presumeDead();
    // It is registered anew while it may not serve, which it then may again.
    Await.until(() -> registry.read(Duration.ZERO).live().count() == 1);
    Await.until(joined::mayServe);
    assertThat(told).isEmpty();
    slow.countDown();
    assertThat(next()).isEqualTo("paused");
    assertThat(next()).isEqualTo("resumed");
  }

  @Test
  void aListenerThatFailsIsToldTheNextNoticeAllTheSame() throws InterruptedException {
    whenPaused =
        () -> {
          throw new IllegalStateException("broken");
        };
    join(null);
    presumeDead();
    assertThat(next()).isEqualTo("resumed");
  }

  @Test
  void whatIsMappedIsPartOfEveryRegistration() {
    Membership joined = join(null);
    joined.mapped(List.of(new MappedColumn("users", "name", "the entity")));
    database.inTransaction(() -> database.execute("DELETE FROM migrator.instance"));
    Await.until(() -> registry.read(Duration.ZERO).live().count() == 1);
    assertThat(registry.read(Duration.ZERO).live().findFirst().orElseThrow().mapped())
        .containsExactly(new MappedColumn("users", "name", "the entity"));
  }

  /**
   * With a lease of minutes the next heartbeat comes after more than one. The clock by which it is
   * due stands still here, so only the one that has failed can renew the lease.
   */
  @Test
  void aHeartbeatWhoseConnectionIsLostIsTriedAgainLongBeforeTheNext() {
    AtomicLong still = new AtomicLong();
    clock = still::get;
    Duration heartbeat = LONG.dividedBy(6);
    Membership joined =
        join(
            FleetSettings.builder().leaseTime(LONG).heartbeat(heartbeat).build(),
            null,
            Set.of(),
            Timings.defaults().faster(100));
    long before = beats();
    loses = true;
    still.addAndGet(heartbeat.toNanos());
    Await.until(() -> beats() > before);
    assertThat(loses).as("the first attempt has lost its connection").isFalse();
    assertThat(beats()).as("no other heartbeat is due").isEqualTo(before + 1);
    assertThat(joined.wasPresumedDead()).isFalse();
    assertThat(joined.mayServe()).isTrue();
    assertThat(told).isEmpty();
    assertThat(registry.read(Duration.ZERO).live()).hasSize(1);
  }

  private long beats() {
    return new Database(testDatabase.dataSource())
        .query("SELECT beats FROM migrator.instance", (rs, row) -> rs.getLong(1))
        .get(0);
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    boolean interrupted = false;
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException ex) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException ex) {
      Thread.currentThread().interrupt();
    }
  }

  private Membership join(@Nullable String refusal) {
    return join(refusal, LONG, Set.of());
  }

  private Membership join(@Nullable String refusal, Duration leaseTime, Set<String> atRuntime) {
    return join(
        FleetSettings.builder().leaseTime(leaseTime).heartbeat(Duration.ofMillis(100)).build(),
        refusal,
        atRuntime,
        Timings.defaults());
  }

  private Membership join(
      FleetSettings settings, @Nullable String refusal, Set<String> atRuntime, Timings timings) {
    ReadSwitches switches =
        new ReadSwitches(registry, self, Duration.ZERO, Map.of(), atRuntime, Map.of());
    Membership made =
        new Membership(
            registry,
            self,
            settings,
            new Told(),
            switches,
            new Protection(new Announcements(database, settings.leaseTime()), self, null),
            List::of,
            () -> {
              if (looks.incrementAndGet() <= 0) {
                throw new DataAccessResourceFailureException("no answer");
              }
              return refusal;
            },
            () -> {},
            new Outages(),
            timings,
            clock);
    made.join();
    membership = made;
    return made;
  }

  /** As a contract does with those whose lease is over. */
  private void presumeDead() {
    database.inTransaction(
        () -> database.execute("UPDATE migrator.instance SET left_at = clock_timestamp()"));
  }

  private @Nullable String next() throws InterruptedException {
    return told.poll(30, TimeUnit.SECONDS);
  }

  /** A server that is there and does not answer, or loses a connection. */
  private final class HangingDataSource extends DelegatingDataSource {

    HangingDataSource(DataSource target) {
      super(target);
    }

    @Override
    public Connection getConnection() throws SQLException {
      if (hangs) {
        try {
          test.await();
        } catch (InterruptedException ex) {
          Thread.currentThread().interrupt();
          throw new SQLException("interrupted", ex);
        }
      }
      boolean heartbeat = Thread.currentThread().getName().equals("migrator-heartbeat");
      if (heartbeat) {
        beforeHeartbeat.run();
      }
      Connection connection = super.getConnection();
      if (loses) {
        loses = false;
        end(connection);
      }
      return heartbeat ? closing(connection) : connection;
    }

    private Connection closing(Connection connection) {
      return (Connection)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {Connection.class},
              (self, method, args) -> {
                Object result;
                try {
                  result = method.invoke(connection, args);
                } catch (InvocationTargetException ex) {
                  throw ex.getCause();
                }
                if (method.getName().equals("close")) {
                  afterHeartbeat.run();
                }
                return result;
              });
    }

    private void end(Connection connection) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("SELECT pg_terminate_backend(pg_backend_pid())");
      } catch (SQLException ex) {
        // It has ended.
      }
    }
  }

  private final class Told implements FleetListener {

    @Override
    public void paused(String reason) {
      whenPaused.run();
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
