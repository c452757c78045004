package dev.migrator.clinic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.clinic.before.ReleaseA;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.test.Await;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** The migrations come after whatever makes their tables, on an empty database. */
@ExtendWith(OutputCaptureExtension.class)
class InitializationOrderIT {

  private TestDatabase database;

  @BeforeEach
  void createDatabase() {
    database = TestPostgres.newDatabase();
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void afterScripts(boolean deferred) {
    assertThatItMigrates("spring.jpa.defer-datasource-initialization=" + deferred);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void afterFlywayAndScripts(boolean deferred) {
    assertThatItMigrates(
        "spring.jpa.defer-datasource-initialization=" + deferred,
        "clinic.flyway=true",
        "spring.sql.init.schema-locations=",
        "spring.flyway.locations=classpath:db/clinic/flyway");
  }

  @Test
  void afterLiquibaseAndScripts() {
    assertThatItMigrates(
        "spring.liquibase.enabled=true",
        "spring.liquibase.change-log=classpath:db/clinic/liquibase.sql",
        "spring.sql.init.schema-locations=");
  }

  @ParameterizedTest
  @ValueSource(strings = {"create", "update"})
  void afterHibernateWhereScriptsComeAfterItToo(String mode) {
    assertThatItMigrates(
        "spring.jpa.defer-datasource-initialization=true",
        "spring.jpa.hibernate.ddl-auto=" + mode,
        "spring.sql.init.schema-locations=");
  }

  @Test
  void saysThatHibernateComesAfterwards(CapturedOutput output) {
    assertThatThrownBy(
            () ->
                ClinicApplication.on(
                    database,
                    ReleaseA.class,
                    "spring.jpa.hibernate.ddl-auto=update",
                    "spring.sql.init.mode=never"))
        .hasRootCauseInstanceOf(InvalidMigrationException.class);
    assertThat(output)
        .contains("As spring.jpa.hibernate.ddl-auto=update, Hibernate makes tables only after")
        .contains("set spring.jpa.defer-datasource-initialization=true");
  }

  private void assertThatItMigrates(String... properties) {
    try (ConfigurableApplicationContext context =
        ClinicApplication.on(database, ReleaseA.class, properties)) {
      Migrator migrator = context.getBean(Migrator.class);
      Await.until(
          () -> migrator.status("2026-11-26-owners-phone").orElseThrow().phase() == Phase.BACKFILL);
      assertThat(context.getBean(Clinic.class).reachedBy("6085551023")).hasSize(1);
    }
  }
}
