package dev.migrator.autoconfigure.liquibase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.application.DatabaseProperties;
import dev.migrator.application.Page;
import dev.migrator.test.Await;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Applications with Liquibase as they come, and the guard. */
@ExtendWith(OutputCaptureExtension.class)
class LiquibaseGuardIT {

  private final TestDatabase database = TestPostgres.newDatabase();

  private final List<ConfigurableApplicationContext> applications = new ArrayList<>();

  private final ExecutorService pool = Executors.newCachedThreadPool();

  @AfterEach
  void close() {
    pool.shutdownNow();
    applications.forEach(ConfigurableApplicationContext::close);
    database.close();
  }

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration({
    DataSourceAutoConfiguration.class,
    LiquibaseAutoConfiguration.class,
    MigratorLiquibaseAutoConfiguration.class
  })
  static class Users {}

  private ConfigurableApplicationContext start(String... more) {
    ConfigurableApplicationContext application =
        new SpringApplicationBuilder(Users.class)
            .web(WebApplicationType.NONE)
            .properties(DatabaseProperties.of(database))
            .properties(
                "spring.datasource.hikari.maximum-pool-size=1",
                "spring.liquibase.change-log=classpath:db/changelog/users.yaml",
                "spring.liquibase.analytics-enabled=false",
                "migrator.liquibase.guard=true")
            .properties(more)
            .run();
    synchronized (applications) {
      applications.add(application);
    }
    return application;
  }

  /** Else an index that a changeset builds CONCURRENTLY would wait for the guard. */
  @ParameterizedTest
  @ValueSource(strings = {"read committed", "serializable"})
  void theGuardKeepsNoSnapshot(String isolation) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "ALTER DATABASE \"%s\" SET default_transaction_isolation = '%s'"
              .formatted(database.name(), isolation));
    }
    try (LiquibaseLock lock = LiquibaseLock.take(database.dataSource(), Duration.ofSeconds(1))) {
      assertThat(lock).isNotNull();
      assertThat(
              value(
                  """
                  SELECT count(*) FILTER (WHERE a.backend_xmin IS NULL) || ' of ' || count(*)
                    FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
                   WHERE l.locktype = 'advisory' AND a.datname = current_database()
                  """))
          .isEqualTo("1 of 1");
    }
  }

  private String value(String sql) {
    return JdbcClient.create(
            new DriverManagerDataSource(
                database.jdbcUrl(), database.username(), database.password()))
        .sql(sql)
        .query(String.class)
        .single();
  }

  private Connection withTheLock() throws SQLException {
    Connection other =
        new DriverManagerDataSource(database.jdbcUrl(), database.username(), database.password())
            .getConnection();
    other.setAutoCommit(false);
    other
        .createStatement()
        .execute("SELECT pg_advisory_xact_lock(%d)".formatted(LiquibaseLock.KEY));
    return other;
  }

  private String locks() {
    return value(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
  }

  @Test
  void nothingOfLiquibaseHappensWhileAnotherInstanceIsAtIt(CapturedOutput output) throws Exception {
    Future<ConfigurableApplicationContext> start;
    try (Connection other = withTheLock()) {
      start = pool.submit(() -> start(Page.of("coming-from-liquibase").properties(0)));
      Await.until(
          () -> output.getOut().contains("waiting for another instance that runs Liquibase: pid"),
          output::getOut);
      assertThat(value("SELECT to_regclass('databasechangelog') IS NULL")).isEqualTo("t");
    }
    start.get(3, TimeUnit.MINUTES);
    assertThat(value("SELECT count(*) FROM users")).isEqualTo("1000");
    assertThat(locks()).isEqualTo("0");
  }

  @Test
  void whoWaitsTooLongSaysForWhom() throws SQLException {
    try (Connection other = withTheLock()) {
      assertThatThrownBy(() -> start("migrator.liquibase.limit=1ms"))
          .rootCause()
          .hasMessageStartingWith("MIG-3015: ")
          .hasMessageContaining("migrator.liquibase.limit")
          .hasMessageContaining("pid ");
    }
  }

  /** Without the guard one of them often dies of a table that another one has just made. */
  @Test
  void aCrowdStartsOnAnEmptyDatabase() throws Exception {
    List<Callable<ConfigurableApplicationContext>> starts = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      starts.add(() -> start());
    }
    for (Future<ConfigurableApplicationContext> start :
        pool.invokeAll(starts, 3, TimeUnit.MINUTES)) {
      start.get(3, TimeUnit.MINUTES);
    }
    assertThat(value("SELECT count(DISTINCT id) = count(*) FROM databasechangelog")).isEqualTo("t");
  }

  @Test
  void theLockOfAnInstanceThatDiedIsReleasedWhenItIsOldEnough(CapturedOutput output) {
    start();
    String left =
        "UPDATE databasechangeloglock SET locked = true, lockedby = 'dead-pod', lockgranted = localtimestamp - interval '%s' RETURNING lockedby";
    value(left.formatted("14 minutes"));
    start();
    assertThat(value("SELECT lockedby FROM databasechangeloglock"))
        .as("it may be that of an instance without the guard; nothing was due")
        .isEqualTo("dead-pod");
    value(left.formatted("16 minutes"));
    start();
    assertThat(output).contains("released Liquibase's lock in public.databasechangeloglock");
    assertThat(value("SELECT locked FROM databasechangeloglock")).isEqualTo("f");
    value(left.formatted("1 second"));
    start(Page.of("coming-from-liquibase").properties(1));
    assertThat(value("SELECT locked FROM databasechangeloglock")).isEqualTo("f");
  }

  /** Nobody may wait for an instance whose Liquibase has failed. */
  @Test
  void whatFailsLetsGo() {
    assertThatThrownBy(() -> start("spring.liquibase.change-log=classpath:db/changelog/none.yaml"))
        .isNotNull();
    assertThat(locks()).isEqualTo("0");
  }

  @Test
  void itIsOffUnlessAskedFor() {
    assertThat(start("migrator.liquibase.guard=false").getBeanNamesForType(LiquibaseGuard.class))
        .isEmpty();
  }
}
