package dev.migrator.diff;

import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;

/** An application that is started for the comparison only. */
final class StartedApplication {

  private StartedApplication() {}

  static <T> T with(
      Class<?> application, String[] arguments, Function<ApplicationContext, T> work) {
    try (TestDatabase database = TestPostgres.newDatabase();
        ConfigurableApplicationContext context = start(application, arguments, database)) {
      return work.apply(context);
    }
  }

  /** Its runners are not called: they would do what the application is for. */
  private static ConfigurableApplicationContext start(
      Class<?> application, String[] arguments, TestDatabase database) {
    SpringApplication spring = new SpringApplication(application);
    TrialDatabaseGuard guard = new TrialDatabaseGuard(database);
    spring.addInitializers(it -> it.getBeanFactory().addBeanPostProcessor(guard));
    spring.addListeners(
        (ApplicationListener<ApplicationStartedEvent>)
            it -> {
              throw new SpringApplication.AbandonedRunException(it.getApplicationContext());
            });
    try {
      return spring.run(commandLine(arguments, database));
    } catch (SpringApplication.AbandonedRunException ex) {
      return Objects.requireNonNull(ex.getApplicationContext());
    }
  }

  /** The command line wins over all files, so that no other database can be meant. */
  private static String[] commandLine(String[] arguments, TestDatabase database) {
    List<String> all = new ArrayList<>();
    for (String tool : List.of("spring.datasource", "spring.liquibase", "spring.flyway")) {
      boolean user = !tool.equals("spring.datasource");
      all.add("--%s.url=%s".formatted(tool, database.jdbcUrl()));
      all.add("--%s.%s=%s".formatted(tool, user ? "user" : "username", database.username()));
      all.add("--%s.password=%s".formatted(tool, database.password()));
    }
    all.addAll(
        List.of(
            "--spring.main.banner-mode=off",
            "--spring.main.web-application-type=none",
            "--spring.main.lazy-initialization=true",
            "--spring.jpa.hibernate.ddl-auto=none",
            "--spring.jpa.properties.hibernate.id.sequence.increment_size_mismatch_strategy=none",
            "--spring.docker.compose.enabled=false",
            "--migrator.mode=run",
            "--migrator.contract.retention=0s"));
    // An option that is there twice would have both values.
    for (String it : arguments) {
      if (all.stream().noneMatch(forced -> name(forced).equals(name(it)))) {
        all.add(it);
      }
    }
    return all.toArray(String[]::new);
  }

  private static String name(String argument) {
    return argument.contains("=") ? argument.substring(0, argument.indexOf('=')) : argument;
  }
}
