package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.MigratorBuilder;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.error.MigratorException;
import dev.migrator.settings.ContractMode;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.MigrationStatus;
import dev.migrator.status.MigrationStatus.State;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * A fleet that is deployed, rolled back, killed, frozen, cut off, kept from its locks and given
 * commands, in an order that a seed draws, while its clients write and read. In the end the changes
 * are led to their end, and every acknowledged write must be there, the catalog that of an
 * undisturbed run, and nothing left behind.
 */
final class Soak implements AutoCloseable {

  /** What is done to the fleet. */
  enum Act {
    DEPLOY,
    NEXT_RELEASE,
    STOP,
    KILL,
    FREEZE,
    CUT,
    HOLD_LOCK,
    COMMAND
  }

  private static final FaultChange CHANGE = FaultChange.RENAME;

  private static final int MOST = 4;

  /** Of each client: as fast as they can, they would leave the machine to nobody else. */
  private static final long PACE = TimeUnit.MILLISECONDS.toNanos(4);

  private static final MigratorSettings SETTINGS =
      MigratorSettings.builder()
          .leaseTime(Duration.ofSeconds(2))
          .lock(it -> it.retryLimit(Duration.ofSeconds(20)))
          .startupLimit(Duration.ofSeconds(20))
          .fleet(
              it ->
                  it.leaseTime(Duration.ofSeconds(3))
                      .ignoreApplications(List.of("client", "admin"))
                      .switchGrace(Duration.ofMillis(50)))
          .contract(it -> it.mode(ContractMode.AUTO).retention(Duration.ZERO))
          .backfill(it -> it.rangeTarget(Duration.ofMillis(10)))
          .build();

  private final Fixture fixture = new Fixture();

  private final Random random;

  private final boolean rogue;

  private final TwoWriterLedger ledger = new TwoWriterLedger(CHANGE, 4_000, 1_000);

  private final List<Instance> instances = new ArrayList<>();

  private final List<Thread> holders = new ArrayList<>();

  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

  private final Map<Act, Integer> done = new EnumMap<>(Act.class);

  private int release = 1;

  private int started;

  Soak(long seed, boolean rogue) {
    this.random = new Random(seed);
    this.rogue = rogue;
    fixture.execute(CHANGE.table(4_000).toArray(String[]::new));
  }

  /** The releases, from 1: each declares what the one before it did, and more. */
  private static List<Migration> release(int number) {
    List<Migration> all = new ArrayList<>();
    all.add(
        CHANGE.upTo(
            number == 1 ? Phase.BACKFILL : number == 2 ? Phase.SWITCH_READ : Phase.CONTRACT));
    all.add(Migration.define("by-visits").table("users").addIndex("by_visits").on("visits"));
    if (number >= 2) {
      all.add(Migration.define("visited").table("users").addCheck("visited", "visits >= 0"));
      all.add(
          Migration.define("note")
              .table("users")
              .addColumn("note", "text", it -> it.defaultValue("'none'").notNull()));
    }
    if (number >= 3) {
      all.add(Migration.define("filler").table("users").dropColumn("filler"));
      all.add(Migration.define("comment").table("users").comment("email", "where to write"));
    }
    return all;
  }

  /** What an undisturbed run leads to. */
  private static String catalogOfAQuietRun() {
    try (Fixture quiet = new Fixture()) {
      quiet.execute(CHANGE.table(100).toArray(String[]::new));
      for (int number = 1; number <= 3; number++) {
        Migrator migrator = quiet.migrator(SETTINGS, release(number).toArray(Migration[]::new));
        migrator.prepare();
        migrator.start();
        awaitEnd(migrator, number);
        migrator.close();
      }
      return Catalogs.sorted(quiet.catalog());
    }
  }

  void run(Duration time) throws Exception {
    String expected = catalogOfAQuietRun();
    long end = System.nanoTime() + time.toNanos();
    deploy(1);
    while (System.nanoTime() < end && wrong.isEmpty()) {
      act();
      new CountDownLatch(1).await(random.nextInt(400), TimeUnit.MILLISECONDS);
    }
    if (rogue) {
      // A writer of whom nobody knows, on a row that no client deletes or writes anew.
      fixture.execute("UPDATE users SET visits = visits + 1 WHERE id = 2");
    }
    assertThat(wrong).isEmpty();
    finish();
    assertThat(wrong).isEmpty();
    ledger.assertSameAs(fixture.jdbc(), false);
    assertThat(Catalogs.sorted(fixture.catalog())).isEqualTo(expected);
    fixture.assertNothingOfOurs();
    assertThat(
            fixture.value(
                "SELECT string_agg(name || ' ' || state, ',') FROM migrator.step WHERE state IN ('RUNNING', 'FAILED', 'UNDOING')"))
        .isEqualTo("NULL");
    assertThat(fixture.value("SELECT count(*) FROM pg_class WHERE relname LIKE '~migrator%'"))
        .isEqualTo("0");
    assertThat(fixture.value("SELECT count(*) FROM migrator.quarantine")).isEqualTo("0");
  }

  Map<Act, Integer> done() {
    return done;
  }

  private void act() {
    instances.removeIf(Instance::isOver);
    Act[] all = Act.values();
    Act act = (instances.size() < 2) ? Act.DEPLOY : all[random.nextInt(all.length)];
    done.merge(act, 1, Integer::sum);
    switch (act) {
      case DEPLOY -> {
        if (instances.size() < MOST) {
          deploy(Math.max(1, release - random.nextInt(2)));
        }
      }
      case NEXT_RELEASE -> {
        release = (random.nextInt(3) == 0) ? Math.min(3, release + 1) : release;
        if (instances.size() < MOST) {
          deploy(release);
        }
      }
      case STOP -> any().stop();
      case KILL -> any().strike(FaultDataSource.KILL);
      case FREEZE -> any().strike(FaultDataSource.FREEZE);
      case CUT ->
          fixture
              .jdbc()
              .sql(
                  """
                  SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                   WHERE datname = current_database() AND pid <> pg_backend_pid()
                     AND application_name NOT IN ('client', 'admin') AND pid % 2 = ?
                     AND query NOT LIKE '%pg_stat_activity%'
                  """)
              .param(random.nextInt(2))
              .query((rs, row) -> row)
              .list();
      case HOLD_LOCK -> hold(random.nextInt(600));
      case COMMAND -> command();
    }
  }

  private Instance any() {
    return instances.get(random.nextInt(instances.size()));
  }

  private void deploy(int number) {
    instances.add(new Instance(number, ++started));
  }

  /** In a mode that blocks no client, but every step. */
  private void hold(int millis) {
    Thread holder =
        new Thread(
            () -> {
              try (Connection connection = connect("admin")) {
                connection.setAutoCommit(false);
                connection.createStatement().execute("LOCK TABLE users IN ROW EXCLUSIVE MODE");
                connection
                    .createStatement()
                    .execute("SELECT pg_sleep(%s)".formatted(millis / 1000d));
                connection.rollback();
              } catch (SQLException ex) {
                wrong.add("holder: " + ex);
              }
            });
    holder.start();
    holders.add(holder);
  }

  private Connection connect(String name) throws SQLException {
    String url = fixture.database().jdbcUrl();
    return DriverManager.getConnection(
        url + (url.contains("?") ? "&" : "?") + "ApplicationName=" + name,
        fixture.database().username(),
        fixture.database().password());
  }

  private void command() {
    List<OperatorCommand> commands =
        List.of(
            OperatorCommand.PAUSE,
            OperatorCommand.RESUME,
            OperatorCommand.RESUME,
            OperatorCommand.RETRY,
            OperatorCommand.CONTRACT,
            OperatorCommand.UNDO);
    List<Migration> known = release(release);
    String id = known.get(random.nextInt(known.size())).id();
    OperatorCommand command = commands.get(random.nextInt(commands.size()));
    any().give(id, command);
  }

  /** Leads all changes to their end, by deploys and commands alone. */
  private void finish() throws Exception {
    for (Thread holder : holders) {
      holder.join();
    }
    for (Instance instance : instances) {
      instance.stop();
    }
    for (int number = 1; number <= 3; number++) {
      Migrator last = builder(number, "the last of release " + number).build();
      fixture.closing(last);
      for (Migration migration : release(number)) {
        give(last, migration.id(), OperatorCommand.RESUME);
        give(last, migration.id(), OperatorCommand.RETRY);
      }
      try {
        last.prepare();
      } catch (MigratorException ex) {
        if (number < 3) {
          continue; // what it needs is gone already
        }
        throw ex;
      }
      last.start();
      awaitEnd(last, number);
      last.close();
    }
  }

  private static void awaitEnd(Migrator migrator, int number) {
    for (Migration migration : release(number)) {
      Fixture.await(
          () -> {
            MigrationStatus status = migrator.status(migration.id()).orElseThrow();
            if (status.state() == State.FAILED) {
              give(migrator, migration.id(), OperatorCommand.RETRY);
            }
            boolean reached =
                status.phase() != null && status.phase().includes(migration.declares());
            return number == 3 && migration.declares() == Phase.CONTRACT
                ? status.state() == State.COMPLETED
                : reached;
          },
          () -> String.valueOf(migrator.status(migration.id())));
    }
  }

  private static void give(Migrator migrator, String id, OperatorCommand command) {
    try {
      migrator.execute(id, command);
    } catch (MigratorException | DataAccessException | TransactionException ex) {
      // It does not fit, or the instance is cut off.
    }
  }

  private MigratorBuilder builder(int number, String name) {
    return builder(number, name, fixture.database().dataSource());
  }

  private static MigratorBuilder builder(int number, String name, javax.sql.DataSource dataSource) {
    MigratorBuilder builder =
        Fixture.builder(dataSource)
            .settings(SETTINGS)
            .instance(name)
            .application("shop", "r" + number);
    release(number).forEach(it -> builder.declare(it.id() + "-bean", it));
    return builder;
  }

  @Override
  public void close() {
    instances.forEach(Instance::stop);
    fixture.close();
  }

  /** One instance: its migrator, and a client that runs while it may serve. */
  private final class Instance {

    private final String name;

    private final FaultDataSource dataSource =
        FaultDataSource.pool(fixture.database().dataSource());

    private final Migrator migrator;

    private final boolean old;

    private final int seed = random.nextInt();

    private final Thread life;

    private volatile boolean serving;

    private volatile boolean stopping;

    private volatile boolean over;

    Instance(int number, int index) {
      this.name = "instance %d of release %d".formatted(index, number);
      this.old = number == 1;
      this.migrator = builder(number, name, dataSource).build();
      this.life = new Thread(this::live, name);
      life.start();
    }

    private void live() {
      try {
        migrator.prepare();
        migrator.start();
        serving = true;
        use();
      } catch (MigratorException | DataAccessException | TransactionException ex) {
        // Refused, too late, or cut off: it does not serve, as the contract of a start is.
      } catch (Throwable ex) {
        wrong.add(name + ": " + ex);
      } finally {
        over = true;
      }
    }

    private void use() throws Exception {
      try (Connection connection = connect("client")) {
        TwoWriterClient client =
            new TwoWriterClient(connection, ledger, CHANGE, old, () -> true, seed);
        while (!stopping) {
          if (migrator.mayServe()) {
            client.next();
            LockSupport.parkNanos(PACE);
          } else {
            new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
          }
        }
      }
    }

    boolean isOver() {
      return over && stopping;
    }

    void give(String id, OperatorCommand command) {
      if (serving && !stopping) {
        Soak.give(migrator, id, command);
      }
    }

    /** The client first, as nobody knows whether a statement that is cut off was done. */
    void strike(FaultDataSource.Strike strike) {
      boolean frozen = strike == FaultDataSource.FREEZE;
      if (!frozen) {
        endClient();
      }
      try {
        strike.at(dataSource);
      } catch (SQLException ex) {
        // That is how it strikes.
      }
      if (frozen) {
        // Its client runs until its lease is over, which it notices by itself.
        Fixture.await(() -> !serving || !migrator.mayServe(), () -> name + " notices");
        endClient();
      }
      close();
    }

    void stop() {
      endClient();
      close();
    }

    private void endClient() {
      stopping = true;
      if (serving) {
        join();
      }
    }

    private void close() {
      migrator.close();
      join();
      dataSource.close();
      over = true;
    }

    private void join() {
      try {
        life.join();
      } catch (InterruptedException ex) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
