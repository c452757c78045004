package dev.migrator.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.status.MigrationStatus.State;
import dev.migrator.test.Await;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the migrator costs an application that has nothing to migrate. */
class SecondStartIT {

  private static final int FILES = 2_000;

  @Test
  void aStartWithNothingToDoSendsThreeStatementsAtMost() {
    try (TestDatabase database = TestPostgres.newDatabase()) {
      JdbcClient.create(database.dataSource())
          .sql("CREATE TABLE users (id bigint PRIMARY KEY, name text, nick text)")
          .update();
      ApplicationContextRunner runner =
          new ApplicationContextRunner()
              .withConfiguration(AutoConfigurations.of(MigratorAutoConfiguration.class))
              .withBean("fullName", Migration.class, () -> rename("name", "full_name"))
              .withBean("alias", Migration.class, () -> rename("nick", "alias"));
      runner
          .withBean(DataSource.class, database::dataSource)
          .run(context -> await(context.getBean(Migrator.class)));

      CountingDataSource counting = new CountingDataSource(database.dataSource());
      runner
          .withBean(DataSource.class, () -> counting)
          .run(
              context -> {
                assertThat(context).hasNotFailed();
                Await.until(SecondStartIT::backgroundSleeps);
                assertThat(counting.statements()).isNotEmpty().hasSizeLessThanOrEqualTo(3);
              });
    }
  }

  @Test
  void withSqlFilesItSendsNoMore(@TempDir Path folder) throws IOException {
    write(folder, 0);
    try (TestDatabase database = TestPostgres.newDatabase()) {
      ApplicationContextRunner runner =
          new ApplicationContextRunner()
              .withConfiguration(AutoConfigurations.of(MigratorAutoConfiguration.class))
              .withPropertyValues("migrator.locations=file:" + folder);
      runner
          .withBean(DataSource.class, database::dataSource)
          .run(
              context ->
                  assertThat(context.getBean(Migrator.class).status().migrations())
                      .hasSize(1)
                      .allMatch(it -> it.state() == State.REACHED));
      for (int i = 1; i < FILES; i++) {
        write(folder, i);
      }
      // All are alike but for their ids, as if each had run.
      JdbcClient.create(database.dataSource())
          .sql(
              """
              INSERT INTO migrator.migration (id, table_name, operations, begun, phase, since, settled)
              SELECT '20260101' || lpad(i::text, 6, '0') || '_f', table_name, operations, begun, phase, since, settled
                FROM migrator.migration, generate_series(1, ? - 1) AS i
              """)
          .param(FILES)
          .update();
      CountingDataSource counting = new CountingDataSource(database.dataSource());
      runner
          .withBean(DataSource.class, () -> counting)
          .run(
              context -> {
                assertThat(context).hasNotFailed();
                Await.until(SecondStartIT::backgroundSleeps);
                assertThat(counting.statements()).isNotEmpty().hasSizeLessThanOrEqualTo(3);
              });
    }
  }

  private static void write(Path folder, int number) throws IOException {
    Files.writeString(
        folder.resolve("20260101%06d_f.sql".formatted(number)),
        "CREATE TABLE IF NOT EXISTS t (id int)");
  }

  private static boolean backgroundSleeps() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(
            it ->
                it.getName().equals("migrator-worker")
                    && it.getState() == Thread.State.TIMED_WAITING);
  }

  private static Migration rename(String from, String to) {
    return Migration.define(from + "-to-" + to).table("users").renameColumn(from, to);
  }

  private static void await(Migrator migrator) {
    Await.until(
        () -> migrator.status().migrations().stream().allMatch(it -> it.state() == State.REACHED),
        () -> String.valueOf(migrator.status()));
  }
}
