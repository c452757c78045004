package dev.migrator.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.MigrationStatus.State;
import dev.migrator.Migrator;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the migrator costs an application that has nothing to migrate. */
class SecondStartTests {

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
                // The background has looked around by then.
                Thread.sleep(1000);
                assertThat(counting.statements()).isNotEmpty().hasSizeLessThanOrEqualTo(3);
              });
    }
  }

  private static Migration rename(String from, String to) {
    return Migration.define(from + "-to-" + to).table("users").renameColumn(from, to);
  }

  private static void await(Migrator migrator) throws InterruptedException {
    for (int i = 0; i < 300; i++) {
      List<State> states =
          migrator.status().migrations().stream().map(it -> it.state()).distinct().toList();
      if (states.equals(List.of(State.REACHED))) {
        return;
      }
      Thread.sleep(100);
    }
    throw new AssertionError(migrator.status());
  }
}
