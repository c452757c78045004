package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.MigratorBuilder;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.TimedMigrators;
import dev.migrator.internal.Timings;
import dev.migrator.internal.journal.Installation;
import dev.migrator.internal.sql.Database;
import dev.migrator.settings.ContractMode;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.MigrationStatus;
import dev.migrator.test.Await;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A database of its own for one test, and migrators on it that are stopped with it. */
final class Fixture implements AutoCloseable {

  static final MigratorSettings SETTINGS =
      MigratorSettings.builder()
          .contract(it -> it.mode(ContractMode.MANUAL).retention(Duration.ZERO))
          .leaseTime(Duration.ofSeconds(5))
          .lock(it -> it.retryLimit(Duration.ofSeconds(30)))
          .startupLimit(Duration.ofSeconds(60))
          .fleet(it -> it.leaseTime(Duration.ofSeconds(3)))
          // Most tests are about the phases, and have few rows.
          .safety(it -> it.oneTransactionRows(0))
          .build();

  /** A contract is made as soon as it may be, and can be undone. */
  static final MigratorSettings AUTO =
      SETTINGS.toBuilder()
          .contract(it -> it.mode(ContractMode.AUTO).retention(Duration.ofHours(1)))
          .fleet(it -> it.leaseTime(Duration.ofSeconds(2)).switchGrace(Duration.ofMillis(50)))
          .build();

  /** Five times as fast as in production, where it is a pause that something waits for. */
  static final Timings TIMINGS = brief(Timings.defaults().faster(5));

  /** The end of a connection stands for the end of the process in most tests. */
  private static Timings brief(Timings timings) {
    return timings.withStart(timings.start().withOutage(Duration.ZERO));
  }

  private final TestDatabase database;

  private final List<Migrator> migrators = new ArrayList<>();

  private final List<HikariDataSource> pools = new ArrayList<>();

  private final HikariDataSource pool;

  private final JdbcClient jdbc;

  private int instances;

  /** The journal is there, and empty, as behind a first start that had nothing to do. */
  Fixture() {
    this(TestPostgres.newDatabase(WithJournal.DATABASE));
  }

  private Fixture(TestDatabase database) {
    this.database = database;
    this.pool = pool(3);
    this.jdbc = JdbcClient.create(pool(4));
  }

  /** A database without anything, where the first start makes the journal. */
  static Fixture withoutJournal() {
    return new Fixture(TestPostgres.newDatabase());
  }

  static Fixture copyOf(TestDatabase template) {
    return new Fixture(TestPostgres.newDatabase(template));
  }

  /** What is copied instead of being made again for each test; it lives as long as the JVM. */
  static TestDatabase template(String... statements) {
    TestDatabase template = TestPostgres.newDatabase(WithJournal.DATABASE);
    try (FaultConnection connection = FaultConnection.to(template)) {
      List.of(statements).forEach(it -> connection.jdbc().sql(it).update());
    }
    return template;
  }

  /** Its tables are copied as files, which takes less than to make them. */
  private static final class WithJournal {

    private static final TestDatabase DATABASE = TestPostgres.newDatabase();

    static {
      Installation.ensure(new Database(DATABASE.dataSource()));
    }
  }

  /** The pool that the migrators use. */
  DataSource dataSource() {
    return pool;
  }

  /** A pool of its own, closed with the fixture. */
  HikariDataSource pool(int size) {
    HikariDataSource pool = new HikariDataSource();
    pool.setJdbcUrl(database.jdbcUrl());
    pool.setUsername(database.username());
    pool.setPassword(database.password());
    pool.setMaximumPoolSize(size);
    pool.setMinimumIdle(0);
    pool.setConnectionTimeout(20_000);
    pools.add(pool);
    return pool;
  }

  TestDatabase database() {
    return database;
  }

  JdbcClient jdbc() {
    return jdbc;
  }

  void execute(String... statements) {
    for (String statement : statements) {
      jdbc().sql(statement).update();
    }
  }

  /** The one value that a query gives, as text; "NULL" for null. */
  String value(String sql) {
    List<String> values =
        jdbc().sql(sql).query((rs, row) -> String.valueOf(rs.getString(1))).list();
    return String.join(",", values).replace("null", "NULL");
  }

  /** Every migrator of a test is made by this. */
  static MigratorBuilder builder(DataSource dataSource) {
    return TimedMigrators.with(TIMINGS, Migrator.builder(dataSource));
  }

  Migrator migrator(Migration... migrations) {
    return migrator(SETTINGS, migrations);
  }

  Migrator migrator(MigratorSettings settings, Migration... migrations) {
    return migrator(dataSource(), settings, migrations);
  }

  Migrator migrator(DataSource dataSource, MigratorSettings settings, Migration... migrations) {
    MigratorBuilder builder =
        builder(dataSource).settings(settings).instance("instance-" + ++instances);
    for (Migration migration : migrations) {
      builder.declare(migration.id() + "-bean", migration);
    }
    Migrator migrator = builder.build();
    migrators.add(migrator);
    return migrator;
  }

  /** A release of the shop; it is closed with the fixture once it is {@link #started}. */
  MigratorBuilder release(MigratorSettings settings, String release, Migration... migrations) {
    MigratorBuilder builder = builder(dataSource()).settings(settings).application("shop", release);
    for (Migration migration : migrations) {
      builder.declare(migration.id() + "-bean", migration);
    }
    return builder;
  }

  Migrator started(MigratorBuilder builder) {
    Migrator migrator = builder.build();
    closing(migrator);
    migrator.prepare();
    migrator.start();
    return migrator;
  }

  /** Takes a change through its contract, which can be undone. */
  Migrator contracted(MigratorSettings settings, Migration migration) {
    Migrator migrator = migrator(settings, migration);
    migrator.prepare();
    migrator.start();
    awaitPhase(migrator, migration.id(), Phase.CONTRACT);
    return migrator;
  }

  static void undoContract(Migrator migrator, String id) {
    migrator.execute(id, OperatorCommand.UNDO);
    await(
        () -> {
          MigrationStatus status = migrator.status(id).orElseThrow();
          assertThat(status.state()).as("%s", status).isNotEqualTo(MigrationStatus.State.FAILED);
          return status.phase() == Phase.SWITCH_READ;
        },
        () -> String.valueOf(migrator.status(id)));
  }

  /** That no trigger and no function of ours is in the database. */
  void assertNothingOfOurs() {
    assertThat(
            value(
                """
                SELECT (SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal)
                     + (SELECT count(*) FROM pg_proc WHERE pronamespace = 'migrator'::regnamespace)"""))
        .as("triggers and functions")
        .isEqualTo("0");
  }

  /** Closes one more migrator with the fixture, before its pools. */
  void closing(Migrator migrator) {
    migrators.add(migrator);
  }

  /** Prepares and works until a phase is reached, as a release of its own, and stops. */
  void reach(Phase phase, Migration migration, Migration... beside) {
    List<Migration> all = new ArrayList<>(List.of(beside));
    all.add(migration);
    Migrator migrator =
        migrator(
            SETTINGS.toBuilder()
                // Otherwise the contract may have begun before the phase is looked at.
                .contract(
                    it -> it.approved(phase == Phase.CONTRACT ? Set.of(migration.id()) : Set.of()))
                .build(),
            all.toArray(Migration[]::new));
    migrator.prepare();
    migrator.start();
    awaitPhase(migrator, migration.id(), phase);
    if (phase == Phase.CONTRACT) {
      awaitState(migrator, migration.id(), MigrationStatus.State.COMPLETED);
    }
    migrator.close();
  }

  static void awaitPhase(Migrator migrator, String id, Phase phase) {
    await(
        () -> {
          MigrationStatus status = migrator.status(id).orElseThrow();
          assertThat(status.state()).as("%s", status).isNotEqualTo(MigrationStatus.State.FAILED);
          return status.phase() != null && status.phase().includes(phase);
        },
        () -> String.valueOf(migrator.status(id)));
  }

  static void awaitState(Migrator migrator, String id, MigrationStatus.State state) {
    await(
        () -> migrator.status(id).orElseThrow().state() == state,
        () -> state + ", but it is " + migrator.status(id));
  }

  static void await(BooleanSupplier condition, java.util.function.Supplier<String> what) {
    Await.until(condition, what);
  }

  /** Everything the catalog knows of the user's objects, to compare before and after. */
  String catalog() {
    return Catalogs.describe(jdbc());
  }

  @Override
  public void close() {
    migrators.forEach(Migrator::close);
    pools.forEach(HikariDataSource::close);
    database.close();
  }
}
