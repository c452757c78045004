package dev.migrator.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.status.BackfillStatus;
import dev.migrator.status.MigrationStatus;
import dev.migrator.test.Await;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

class ShutdownIT {

  private static final int ROWS = 200_000;

  @Test
  void aShutdownInTheMiddleOfABackfillDoesNotWaitForItAndLosesNothing() {
    try (TestDatabase database = TestPostgres.newDatabase()) {
      JdbcClient jdbc = JdbcClient.create(database.dataSource());
      jdbc.sql("CREATE TABLE users (id bigint PRIMARY KEY, name text)").update();
      jdbc.sql("INSERT INTO users SELECT i, 'user ' || i FROM generate_series(1, ?) i")
          .param(ROWS)
          .update();
      ApplicationContextRunner runner =
          new ApplicationContextRunner()
              .withConfiguration(AutoConfigurations.of(MigratorAutoConfiguration.class))
              .withBean(DataSource.class, database::dataSource)
              .withBean("fullName", Migration.class, ShutdownIT::rename);

      runner
          .withPropertyValues("migrator.backfill.range-target=5ms")
          .run(context -> await(context, status -> rows(status) > 0));
      assertThat(
              jdbc.sql("SELECT count(*) FROM users WHERE full_name IS NULL")
                  .query(Long.class)
                  .single())
          .as("rows left for the next start")
          .isBetween(1L, (long) ROWS - 1);
      assertThat(Thread.getAllStackTraces().keySet())
          .extracting(Thread::getName)
          .doesNotContain("migrator-worker", "migrator-stop");

      runner.run(context -> await(context, status -> status.phase() == Phase.BACKFILL));
      assertThat(
              jdbc.sql("SELECT count(*) FROM users WHERE full_name IS DISTINCT FROM name")
                  .query(Long.class)
                  .single())
          .isZero();
    }
  }

  private static Migration rename() {
    return Migration.define("full-name").table("users").renameColumn("name", "full_name");
  }

  private static long rows(MigrationStatus status) {
    BackfillStatus backfill = status.backfill();
    return (backfill != null) ? backfill.rowsDone() : 0;
  }

  private static void await(ApplicationContext context, Predicate<MigrationStatus> condition) {
    Migrator migrator = context.getBean(Migrator.class);
    Await.until(
        () -> condition.test(migrator.status("full-name").orElseThrow()),
        () -> String.valueOf(migrator.status("full-name")));
  }
}
