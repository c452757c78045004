package dev.migrator.autoconfigure.info;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migrator;
import dev.migrator.autoconfigure.FakeMigrator;
import dev.migrator.autoconfigure.MigratorAutoConfiguration;
import dev.migrator.autoconfigure.Statuses;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class MigratorInfoContributorAutoConfigurationTests {

  private final ApplicationContextRunner contextRunner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  MigratorAutoConfiguration.class, MigratorInfoContributorAutoConfiguration.class))
          .withBean(
              Migrator.class,
              () -> new FakeMigrator().with(Statuses.backfilling(), Statuses.foreign()));

  @Test
  void isOffByDefault() {
    contextRunner.run(context -> assertThat(context).doesNotHaveBean(InfoContributor.class));
  }

  @Test
  void showsThePhases() {
    contextRunner
        .withPropertyValues("management.info.migrator.enabled=true")
        .run(
            context -> {
              Info.Builder info = new Info.Builder();
              context.getBean(InfoContributor.class).contribute(info);
              assertThat(info.build().getDetails().get("migrator").toString())
                  .isEqualTo("{full-name=DUAL_WRITE, old-flag=NONE}");
            });
  }
}
