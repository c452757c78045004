package dev.migrator.autoconfigure.availability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.FleetListener;
import dev.migrator.Migrator;
import dev.migrator.autoconfigure.FakeMigrator;
import dev.migrator.autoconfigure.MigratorAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

class MigratorAvailabilityAutoConfigurationTests {

  private final ApplicationContextRunner contextRunner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  MigratorAutoConfiguration.class,
                  ApplicationAvailabilityAutoConfiguration.class,
                  MigratorAvailabilityAutoConfiguration.class))
          .withBean(Migrator.class, FakeMigrator::new);

  @Test
  void aPauseTakesTheApplicationOutOfServiceUntilItEnds() {
    contextRunner.run(
        context -> {
          FleetListener fleet = context.getBean(FleetListener.class);
          execute(context, ReadinessState.ACCEPTING_TRAFFIC);
          fleet.paused("no lease");
          assertThat(readiness(context)).isEqualTo(ReadinessState.REFUSING_TRAFFIC);
          fleet.resumed();
          assertThat(readiness(context)).isEqualTo(ReadinessState.ACCEPTING_TRAFFIC);
        });
  }

  @Test
  void aRefusalIsForGood() {
    contextRunner.run(
        context -> {
          FleetListener fleet = context.getBean(FleetListener.class);
          execute(context, ReadinessState.ACCEPTING_TRAFFIC);
          fleet.paused("no lease");
          fleet.refused("it is gone");
          fleet.resumed();
          assertThat(readiness(context)).isEqualTo(ReadinessState.REFUSING_TRAFFIC);
          execute(context, ReadinessState.ACCEPTING_TRAFFIC);
          assertThat(readiness(context)).isEqualTo(ReadinessState.REFUSING_TRAFFIC);
        });
  }

  @Test
  void anApplicationThatHasNotAcceptedYetIsNotTurnedToAccepting() {
    contextRunner.run(
        context -> {
          FleetListener fleet = context.getBean(FleetListener.class);
          fleet.paused("no lease");
          fleet.resumed();
          assertThat(readiness(context)).isEqualTo(ReadinessState.REFUSING_TRAFFIC);
        });
  }

  /** Spring Boot publishes it at the end of the start, whatever others published before. */
  @Test
  void anApplicationThatBecomesReadyInAPauseStaysOutOfService() {
    contextRunner.run(
        context -> {
          FleetListener fleet = context.getBean(FleetListener.class);
          fleet.paused("no lease");
          execute(context, ReadinessState.ACCEPTING_TRAFFIC);
          assertThat(readiness(context)).isEqualTo(ReadinessState.REFUSING_TRAFFIC);
          fleet.resumed();
          assertThat(readiness(context)).isEqualTo(ReadinessState.ACCEPTING_TRAFFIC);
        });
  }

  @Test
  void whatOthersTakeOutOfServiceStaysOut() {
    contextRunner.run(
        context -> {
          FleetListener fleet = context.getBean(FleetListener.class);
          execute(context, ReadinessState.ACCEPTING_TRAFFIC);
          fleet.paused("no lease");
          // As a shutdown does.
          execute(context, ReadinessState.REFUSING_TRAFFIC);
          fleet.resumed();
          assertThat(readiness(context)).isEqualTo(ReadinessState.REFUSING_TRAFFIC);
        });
  }

  @Test
  void backsOffForAnother() {
    ReadinessFleetListener own = new ReadinessFleetListener(event -> {});
    contextRunner
        .withBean("own", ReadinessFleetListener.class, () -> own)
        .run(context -> assertThat(context.getBean(FleetListener.class)).isSameAs(own));
  }

  @Test
  void backsOffWithoutMigratorOrAvailability() {
    contextRunner
        .withPropertyValues("migrator.enabled=false")
        .run(context -> assertThat(context).hasNotFailed());
    new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                MigratorAutoConfiguration.class, MigratorAvailabilityAutoConfiguration.class))
        .withBean(Migrator.class, FakeMigrator::new)
        .run(context -> assertThat(context).doesNotHaveBean(FleetListener.class));
  }

  private static void execute(ApplicationContext context, ReadinessState state) {
    AvailabilityChangeEvent.publish(context, state);
  }

  private static ReadinessState readiness(ApplicationContext context) {
    return context.getBean(ApplicationAvailability.class).getReadinessState();
  }
}
