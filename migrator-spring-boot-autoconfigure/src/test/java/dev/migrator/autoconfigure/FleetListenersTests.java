package dev.migrator.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.FleetListener;
import dev.migrator.Migrator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

class FleetListenersTests {

  private final ApplicationContextRunner contextRunner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(MigratorAutoConfiguration.class))
          .withBean(Migrator.class, FakeMigrator::new)
          .withUserConfiguration(Listeners.class);

  @Test
  void allAreNotifiedInTheirOrderEvenIfOneFails() {
    contextRunner.run(
        context -> {
          FleetListener listeners = context.getBean(FleetListeners.class).asListener();
          listeners.paused("away");
          listeners.resumed();
          listeners.refused("gone");
          assertThat(context.getBean(Listeners.class).heard)
              .containsExactly(
                  "first paused away", "last paused away",
                  "first resumed", "last resumed",
                  "first refused gone", "last refused gone");
        });
  }

  @Test
  void aMessageWhileTheContextStartsIsDeliveredWhenTheyAreThere() {
    contextRunner
        .withUserConfiguration(RefusedAtTheStart.class)
        .run(
            context ->
                assertThat(context.getBean(Listeners.class).heard)
                    .containsExactly("first refused gone", "last refused gone"));
  }

  @Configuration(proxyBeanMethods = false)
  static class RefusedAtTheStart {

    RefusedAtTheStart(FleetListeners listeners, Listeners beans) {
      listeners.asListener().paused("away");
      listeners.asListener().refused("gone");
      assertThat(beans.heard).isEmpty();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Listeners {

    final List<String> heard = new ArrayList<>();

    /** Depends on what waits for the migrations. */
    @Bean
    FleetListener last(MigratorInitializer initializer) {
      return new Hearing("last", heard, false);
    }

    @Bean
    @Order(1)
    FleetListener first() {
      return new Hearing("first", heard, true);
    }
  }

  record Hearing(String name, List<String> heard, boolean fails) implements FleetListener {

    @Override
    public void paused(String reason) {
      hear("paused " + reason);
    }

    @Override
    public void resumed() {
      hear("resumed");
    }

    @Override
    public void refused(String reason) {
      hear("refused " + reason);
    }

    private void hear(String message) {
      heard.add(name + " " + message);
      if (fails) {
        throw new IllegalStateException("a listener that fails");
      }
    }
  }
}
