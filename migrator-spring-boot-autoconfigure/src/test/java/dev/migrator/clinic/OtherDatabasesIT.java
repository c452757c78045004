package dev.migrator.clinic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.Migrator;
import dev.migrator.autoconfigure.MigratorAutoConfiguration;
import dev.migrator.clinic.after.ReleaseD;
import dev.migrator.clinic.before.Release1;
import dev.migrator.clinic.before.ReleaseA;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Where the application does not run on a PostgreSQL that it can write to. */
@ExtendWith(OutputCaptureExtension.class)
class OtherDatabasesIT {

  @Test
  void withNothingToMigrateItServesOnH2(CapturedOutput output) {
    try (ConfigurableApplicationContext context = ClinicApplication.onH2(Release1.class)) {
      assertServes(context);
      assertThat(context.getBean(Migrator.class).status().migrations()).isEmpty();
    }
    assertThat(output).containsOnlyOnce("migrator is off").contains("the database is H2");
  }

  @Test
  void withMigrationsItSaysWhyItDoesNot(CapturedOutput output) {
    assertThatThrownBy(() -> ClinicApplication.onH2(ReleaseA.class));
    assertThat(output)
        .contains("APPLICATION FAILED TO START", "the database is H2", "migrator.enabled=false");
  }

  /** The scripts of H2 make the tables as the release needs them. */
  @Test
  void withMigrationsItServesOnH2WhereTheyAreOff() {
    try (ConfigurableApplicationContext context =
        ClinicApplication.onH2(ReleaseD.class, "migrator.enabled=false")) {
      assertServes(context);
    }
  }

  /** As on a standby. */
  @Test
  void aReadOnlyServer(CapturedOutput output) {
    try (TestDatabase database = TestPostgres.newDatabase()) {
      ClinicApplication.on(database, Release1.class).close();
      JdbcClient.create(database.dataSource())
          .sql(
              "ALTER DATABASE %s SET default_transaction_read_only = on".formatted(database.name()))
          .update();
      try (ConfigurableApplicationContext context =
          ClinicApplication.on(database, Release1.class, "spring.sql.init.mode=never")) {
        assertThat(context.getBean(Clinic.class).reachedBy("6085551023")).hasSize(1);
      }
      assertThat(output).containsOnlyOnce("migrator is off").contains("is read-only here");
      assertThatThrownBy(
          () -> ClinicApplication.on(database, ReleaseA.class, "spring.sql.init.mode=never"));
      assertThat(output).contains("APPLICATION FAILED TO START", "the primary server");
    }
  }

  @Test
  void noDatabase(CapturedOutput output) {
    ApplicationContextRunner runner =
        new ApplicationContextRunner()
            .withConfiguration(
                AutoConfigurations.of(
                    DataSourceAutoConfiguration.class, MigratorAutoConfiguration.class))
            .withPropertyValues(
                "spring.datasource.url=jdbc:postgresql://localhost:1/none",
                "spring.datasource.username=nobody");
    runner.run(
        context -> {
          assertThat(context).hasNotFailed();
          assertThat(context.getBean(Migrator.class).mayServe()).isTrue();
        });
    assertThat(output).containsOnlyOnce("the database cannot be reached");
    runner
        .withUserConfiguration(OwnersPhone.class)
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .rootCause()
                    .isInstanceOf(java.net.ConnectException.class));
  }

  @Test
  void noDatabaseWhereSomethingIsToMigrate(CapturedOutput output) {
    try (TestDatabase database = TestPostgres.newDatabase()) {
      assertThatThrownBy(
          () ->
              ClinicApplication.on(
                  database,
                  ReleaseA.class,
                  "spring.datasource.url=jdbc:postgresql://localhost:1/none",
                  "spring.sql.init.mode=never"));
    }
    assertThat(output)
        .contains(
            "APPLICATION FAILED TO START",
            "MIG-2012: The database of the migrations cannot be reached: Connection",
            "set migrator.enabled=false")
        .doesNotContain("\tat ");
  }

  private static void assertServes(ConfigurableApplicationContext context) {
    Clinic clinic = context.getBean(Clinic.class);
    long owner = clinic.admit("Zoë", "+41 1", List.of("Leo"));
    assertThat(clinic.telephone(owner)).isEqualTo("+41 1");
    assertThat(clinic.reachedBy("6085551023")).hasSize(1);
  }

  @org.springframework.context.annotation.Configuration(proxyBeanMethods = false)
  static class OwnersPhone {

    @org.springframework.context.annotation.Bean
    dev.migrator.Migration ownersPhone() {
      return dev.migrator.Migration.define("phone")
          .table("owners")
          .renameColumn("telephone", "phone");
    }
  }
}
