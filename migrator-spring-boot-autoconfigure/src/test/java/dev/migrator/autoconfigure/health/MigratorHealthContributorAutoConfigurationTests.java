package dev.migrator.autoconfigure.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.FleetListener;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.autoconfigure.FakeMigrator;
import dev.migrator.autoconfigure.MigratorAutoConfiguration;
import dev.migrator.autoconfigure.Statuses;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class MigratorHealthContributorAutoConfigurationTests {

  private final FakeMigrator migrator = new FakeMigrator();

  private final ApplicationContextRunner contextRunner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  MigratorAutoConfiguration.class,
                  MigratorHealthContributorAutoConfiguration.class))
          .withBean(Migrator.class, () -> migrator);

  @Test
  void isUpWhileWorkGoesOn() {
    migrator.with(Statuses.backfilling(), Statuses.foreign());
    Health health = health();
    assertThat(health.getStatus()).isEqualTo(Status.UP);
    assertThat(health.getDetails().toString()).isEqualTo("{migrations={RUNNING=1, HELD=1}}");
  }

  @Test
  void isDownWhenAMigrationOfThisReleaseFailed() {
    migrator.with(
        Statuses.backfilling(), Statuses.failed("full-name", Phase.BACKFILL, Phase.BACKFILL));
    Health health = health();
    assertThat(health.getStatus()).isEqualTo(Status.DOWN);
    assertThat(health.getDetails()).containsEntry("failed", List.of("full-name"));
  }

  @Test
  void staysUpWhenWhatANewerReleaseDeclaresFailed() {
    migrator.with(
        Statuses.failed("later", Phase.BACKFILL, Phase.CONTRACT),
        Statuses.failed("unknown", null, Phase.EXPAND));
    Health health = health();
    assertThat(health.getStatus()).isEqualTo(Status.UP);
    assertThat(health.getDetails()).containsOnlyKeys("migrations");
  }

  @Test
  void isDownWhenTheStateCannotBeRead() {
    Health health =
        new MigratorHealthIndicator(
                List.of(new FakeMigrator().failing(new IllegalStateException("no connection"))))
            .health();
    assertThat(health.getStatus()).isEqualTo(Status.DOWN);
  }

  @Test
  void isDownForGoodWhenThisInstanceMustNotServeAnyMore() {
    contextRunner.run(
        context -> {
          context.getBean(FleetListener.class).paused("no lease");
          assertThat(context.getBean(HealthIndicator.class).health())
              .isEqualTo(Health.outOfService().withDetail("paused", "no lease").build());
          context.getBean(FleetListener.class).resumed();
          assertThat(context.getBean(HealthIndicator.class).health().getStatus())
              .isEqualTo(Status.UP);
          context.getBean(FleetListener.class).refused("it is gone");
          context.getBean(FleetListener.class).resumed();
          assertThat(context.getBean(HealthIndicator.class).health())
              .isEqualTo(Health.down().withDetail("refused", "it is gone").build());
        });
  }

  @Test
  void canBeTurnedOff() {
    contextRunner
        .withPropertyValues("management.health.migrator.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(HealthContributor.class));
  }

  @Test
  void backsOffWithoutMigratorOrHealth() {
    contextRunner
        .withPropertyValues("migrator.enabled=false")
        .run(context -> assertThat(context).hasNotFailed());
    contextRunner
        .withClassLoader(new FilteredClassLoader(HealthContributor.class))
        .run(
            context ->
                assertThat(context)
                    .hasNotFailed()
                    .doesNotHaveBean(MigratorHealthContributorAutoConfiguration.class));
  }

  @Test
  void backsOffForAnother() {
    HealthIndicator own = () -> Health.unknown().build();
    contextRunner
        .withBean("migratorHealthIndicator", HealthIndicator.class, () -> own)
        .run(
            context ->
                assertThat(context.getBeansOfType(HealthContributor.class))
                    .isEqualTo(Map.of("migratorHealthIndicator", own)));
  }

  private Health health() {
    Health[] health = new Health[1];
    contextRunner.run(context -> health[0] = context.getBean(HealthIndicator.class).health());
    return health[0];
  }
}
