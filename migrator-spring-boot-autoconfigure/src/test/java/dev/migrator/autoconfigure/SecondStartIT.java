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
    for (int i = 10; i < 30; i++) {
      Files.writeString(
          folder.resolve("202601%d_t%d.sql".formatted(i, i)),
          "CREATE TABLE t%d (id int)".formatted(i));
    }
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
                      .hasSize(20)
                      .allMatch(it -> it.state() == State.REACHED));
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
