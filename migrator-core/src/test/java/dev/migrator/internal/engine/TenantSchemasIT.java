package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.AUTO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.MigratorBuilder;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.MigrationStatus;
import dev.migrator.status.MigrationStatus.State;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One declaration for the schemas of many tenants. */
class TenantSchemasIT {

  private static final Logger logger = LoggerFactory.getLogger(TenantSchemasIT.class);

  private static final List<String> TENANTS =
      IntStream.range(0, Integer.getInteger("migrator.test.tenants", 8))
          .mapToObj(it -> "tenant_" + it)
          .toList();

  /** The start of the release that reads the new side switches one schema after the other. */
  private static final MigratorSettings SETTINGS =
      AUTO.toBuilder().startupLimit(Duration.ofSeconds(60 + 3L * TENANTS.size())).build();

  private final Fixture fixture = Fixture.withoutJournal();

  @BeforeEach
  void schemas() {
    for (String tenant : TENANTS) {
      fixture.execute(
          "CREATE SCHEMA " + tenant,
          "CREATE TABLE %s.users (id int PRIMARY KEY, name text NOT NULL)".formatted(tenant),
          "INSERT INTO %s.users SELECT n, 'user ' || n FROM generate_series(1, 100) n"
              .formatted(tenant));
    }
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static String id(String tenant) {
    return "2026-11-27-full-name." + tenant;
  }

  /** The release that adds the column, whose code knows the old one only. */
  private Migrator adding() {
    MigratorBuilder builder = builder("1");
    TENANTS.forEach(
        it ->
            builder.declare(
                "fullName." + it,
                Migration.define(id(it))
                    .inBackground()
                    .table(it, "users")
                    .renameColumn("name", "full_name")));
    return closing(builder);
  }

  /** The release that reads it. */
  private Migrator reading() {
    MigratorBuilder builder = builder("2");
    TENANTS.forEach(
        it ->
            builder.declare(
                "fullName." + it,
                Migration.define(id(it))
                    .table(it, "users")
                    .renameColumn("name", "full_name")
                    .switchRead()));
    return closing(builder);
  }

  private MigratorBuilder builder(String release) {
    return Fixture.builder(fixture.dataSource()).settings(SETTINGS).application("shop", release);
  }

  private Migrator closing(MigratorBuilder builder) {
    Migrator migrator = builder.build();
    fixture.closing(migrator);
    return migrator;
  }

  @Test
  void theStartDoesNothingAndTheBackgroundAll() {
    Migrator adding = adding();
    long start = System.nanoTime();
    adding.prepare();
    logger.info("{} tenants: start {} ms", TENANTS.size(), millis(start));
    assertThat(adding.mayServe()).isTrue();
    assertThat(columns()).isEqualTo("0");
    start = System.nanoTime();
    adding.start();
    TENANTS.forEach(it -> Fixture.awaitPhase(adding, id(it), Phase.BACKFILL));
    logger.info("{} tenants: all phases {} ms", TENANTS.size(), millis(start));
    assertThat(columns()).isEqualTo(String.valueOf(TENANTS.size()));

    Migrator reading = reading();
    start = System.nanoTime();
    reading.prepare();
    logger.info("{} tenants: start that switches {} ms", TENANTS.size(), millis(start));
    assertThat(reading.status().migrations())
        .hasSize(TENANTS.size())
        .allMatch(it -> it.phase() == Phase.SWITCH_READ);
  }

  @Test
  void oneThatFailsDoesNotKeepTheOthers() {
    String broken = TENANTS.get(0);
    String without = TENANTS.get(1);
    fixture.execute(
        "ALTER TABLE %s.users ADD full_name int".formatted(broken),
        "DROP TABLE %s.users".formatted(without));
    Migrator adding = adding();
    adding.prepare();
    adding.start();
    TENANTS.stream().skip(2).forEach(it -> Fixture.awaitPhase(adding, id(it), Phase.BACKFILL));
    for (String tenant : List.of(broken, without)) {
      Fixture.awaitState(adding, id(tenant), State.FAILED);
      MigrationStatus status = adding.status(id(tenant)).orElseThrow();
      assertThat(status.holds().get(0).message()).contains(tenant);
    }
    assertThat(adding.mayServe()).isTrue();

    // What was wrong is mended, and an operator says so; the next start would do as well.
    fixture.execute("ALTER TABLE %s.users DROP full_name".formatted(broken));
    adding.execute(id(broken), OperatorCommand.RETRY);
    Fixture.awaitPhase(adding, id(broken), Phase.BACKFILL);
  }

  /** The next release waits for what it needs, and says for whom. */
  @Test
  void whoNeedsItDeclaresItNotInBackground() {
    fixture.execute("DROP TABLE %s.users".formatted(TENANTS.get(0)));
    Migrator reading = reading();
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(reading::prepare)
        .withMessageContaining(id(TENANTS.get(0)));
  }

  @Test
  void whoReadsTheNewSideCannotLeaveItToTheBackground() {
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(
            () ->
                builder("2")
                    .declare(
                        "fullName",
                        Migration.define("m")
                            .inBackground()
                            .table("users")
                            .renameColumn("name", "full_name")
                            .switchRead()))
        .withMessageContaining("MIG-1008")
        .withMessageContaining("\"fullName\"")
        .withMessageContaining("leave out inBackground()");
  }

  private String columns() {
    return fixture.value(
        "SELECT count(*) FROM information_schema.columns WHERE column_name = 'full_name' AND table_schema LIKE 'tenant%'");
  }

  private static long millis(long start) {
    return (System.nanoTime() - start) / 1_000_000;
  }
}
