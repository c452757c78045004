package dev.migrator.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migrator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.metrics.buffering.BufferingApplicationStartup;
import org.springframework.boot.sql.init.dependency.DatabaseInitializationDependencyConfigurer;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

class MigratorAutoConfigurationTests {

  private final ApplicationContextRunner contextRunner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(MigratorAutoConfiguration.class));

  private final FakeMigrator migrator = new FakeMigrator();

  @Test
  void backsOffWithoutDataSourceAndMigrations() {
    contextRunner.run(
        context -> assertThat(context).hasNotFailed().doesNotHaveBean(Migrator.class));
  }

  @Test
  void backsOffWhenDisabled() {
    contextRunner
        .withPropertyValues("migrator.enabled=false")
        .withBean(Migrator.class, () -> migrator)
        .run(context -> assertThat(context).doesNotHaveBean(MigratorInitializer.class));
    assertThat(migrator.calls).containsExactly("close");
  }

  @Test
  void backsOffWithoutDatabaseInitialization() {
    contextRunner
        .withClassLoader(new FilteredClassLoader(DatabaseInitializationDependencyConfigurer.class))
        .withBean(Migrator.class, () -> migrator)
        .run(context -> assertThat(context).hasNotFailed());
    assertThat(migrator.calls).containsExactly("close");
  }

  @Test
  void preparesAndRunsAndStops() {
    contextRunner
        .withBean(Migrator.class, () -> migrator)
        .run(context -> assertThat(migrator.calls).containsExactly("prepare", "start"));
    assertThat(migrator.calls).containsExactly("prepare", "start", "stop", "close");
  }

  @Test
  void runsOnlyWhileTheWebServerDoes() {
    contextRunner
        .withBean(Migrator.class, () -> migrator)
        .run(
            context ->
                assertThat(context.getBean(MigratorLifecycle.class).getPhase())
                    .isGreaterThan(WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE)
                    .isGreaterThan(WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE));
  }

  @Test
  void startsAgainAfterAStop() {
    contextRunner
        .withBean(Migrator.class, () -> migrator)
        .run(
            context -> {
              context.stop();
              context.start();
              assertThat(migrator.calls).containsExactly("prepare", "start", "stop", "start");
            });
  }

  @Test
  void lazyInitializationChangesNothing() {
    contextRunner
        .withInitializer(
            context ->
                context.addBeanFactoryPostProcessor(
                    new LazyInitializationBeanFactoryPostProcessor()))
        .withBean(Migrator.class, () -> migrator)
        .run(context -> assertThat(migrator.calls).containsExactly("prepare", "start"));
  }

  @Test
  void nothingStartsWhenThePreparationFails() {
    contextRunner
        .withBean(Migrator.class, () -> migrator.failing(new IllegalStateException("no")))
        .run(context -> assertThat(context).hasFailed());
    assertThat(migrator.calls).containsExactly("prepare", "close");
  }

  @Test
  void takesSeveralMigrators() {
    FakeMigrator other = new FakeMigrator();
    contextRunner
        .withBean("one", Migrator.class, () -> migrator)
        .withBean("two", Migrator.class, () -> other)
        .run(
            context -> {
              assertThat(migrator.calls).containsExactly("prepare", "start");
              assertThat(other.calls).containsExactly("prepare", "start");
            });
  }

  @Test
  void aChildContextLeavesItToItsParent() {
    contextRunner
        .withBean(Migrator.class, () -> migrator)
        .run(
            parent -> {
              contextRunner
                  .withParent(parent)
                  .run(child -> assertThat(child.getBean(Migrator.class)).isSameAs(migrator));
              assertThat(migrator.calls).containsExactly("prepare", "start");
            });
  }

  @Test
  void anotherInitializerTakesThePlace() {
    contextRunner
        .withBean(Migrator.class, () -> migrator)
        .withBean(MigratorInitializer.class, () -> new MigratorInitializer(List.of()))
        .run(context -> assertThat(migrator.calls).containsExactly("start"));
  }

  @Test
  void beansThatUseTheDatabaseWait() {
    contextRunner
        .withBean(Migrator.class, () -> migrator)
        .withBean("jdbcClient", JdbcClient.class, () -> null)
        .run(
            context ->
                assertThat(context.getBeanFactory().getBeanDefinition("jdbcClient").getDependsOn())
                    .containsExactly("migratorInitializer"));
  }

  @Test
  void thePreparationIsAStartupStep() {
    BufferingApplicationStartup startup = new BufferingApplicationStartup(1000);
    contextRunner
        .withInitializer(context -> context.setApplicationStartup(startup))
        .withBean(Migrator.class, () -> migrator)
        .run(
            context ->
                assertThat(startup.getBufferedTimeline().getEvents())
                    .filteredOn(
                        event -> event.getStartupStep().getName().equals("migrator.prepare"))
                    .hasSize(1));
  }
}
