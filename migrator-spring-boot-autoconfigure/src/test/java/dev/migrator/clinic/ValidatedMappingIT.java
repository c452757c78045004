package dev.migrator.clinic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.clinic.after.ReleaseC;
import dev.migrator.clinic.before.Release1;
import dev.migrator.clinic.renamed.Keeper;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.data.jdbc.autoconfigure.DataJdbcRepositoriesAutoConfiguration;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.jpa.EntityManagerFactoryBuilder;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;

/** Hibernate validates the schema, and an attribute was renamed. */
@ExtendWith(OutputCaptureExtension.class)
class ValidatedMappingIT {

  private static final String[] VALIDATING = {
    "spring.jpa.hibernate.ddl-auto=validate", "spring.sql.init.mode=never"
  };

  private TestDatabase database;

  @BeforeEach
  void createTables() {
    database = TestPostgres.newDatabase();
    ClinicApplication.on(database, Release1.class).close();
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  @Test
  void whatToDeclareIsSaid(CapturedOutput output) {
    assertThatThrownBy(() -> ClinicApplication.on(database, Forgotten.class, VALIDATING));
    assertThat(output.getOut().replaceAll("\\d{4}-\\d\\d-\\d\\d-owners", "DATE-owners"))
        .contains(
            "APPLICATION FAILED TO START",
            "Owner.phone maps the column \"phone\"; the table \"owners\" has none, and no migration adds it. Its column \"telephone\" is mapped by nobody any longer.",
            """
            If "phone" is the new name of "telephone", declare

                @Bean
                Migration ownersPhone() {
                  return Migration.define("DATE-owners-phone")
                      .table("owners")
                      .renameColumn("telephone", "phone")
                      .switchRead();
                }

            If "phone" is a new column, declare

                @Bean
                Migration ownersPhone() {
                  return Migration.define("DATE-owners-phone")
                      .table("owners")
                      .addColumn("phone", "varchar(255)");
                }
            """);
  }

  /** As the comparison of migrator-diff proposes it. */
  @Test
  void whatAnEmbeddedAttributeSaysIsDeclared(CapturedOutput output) {
    assertThatThrownBy(() -> ClinicApplication.on(database, Annotated.class, VALIDATING));
    assertThat(output)
        .contains(
            "Keeper.contact.phone maps the column \"phone\"; the table \"owners\" has none",
            ".renameColumn(\"telephone\", \"phone\")")
        .doesNotContain("is a new column");
  }

  /** Another table of that name is none of Hibernate's business. */
  @Test
  void theSchemaOfTheSettingsIsLookedAt(CapturedOutput output) {
    JdbcClient client = JdbcClient.create(database.dataSource());
    client
        .sql("CREATE SCHEMA app; CREATE TABLE app.owners (LIKE public.owners INCLUDING ALL)")
        .update();
    String[] properties = {
      VALIDATING[0], VALIDATING[1], "spring.jpa.properties.hibernate.default_schema=app"
    };
    assertThatThrownBy(() -> ClinicApplication.on(database, Annotated.class, properties));
    assertThat(output).contains("the table \"app.owners\" has none", ".table(\"app\", \"owners\")");
    client.sql("ALTER TABLE app.owners RENAME telephone TO phone").update();
    ClinicApplication.on(database, Annotated.class, properties).close();
  }

  /** A table of that name in the application's first database says nothing of it. */
  @Test
  void aUnitIsLookedAtInItsOwnDatabase() {
    try (TestDatabase second = TestPostgres.newDatabase()) {
      JdbcClient.create(second.dataSource())
          .sql("CREATE TABLE owners (id integer PRIMARY KEY, phone varchar(255))")
          .update();
      OtherDatabase.used = second.dataSource();
      ClinicApplication.on(database, OtherDatabase.class, VALIDATING).close();
    }
  }

  /** Then there is nothing to say, and Hibernate validates. */
  @Test
  void whatIsDeclaredIsThere() {
    ClinicApplication.on(database, ReleaseC.class, VALIDATING).close();
  }

  @Test
  void whatElseIsWrongIsLeftToHibernate(CapturedOutput output) {
    JdbcClient.create(database.dataSource())
        .sql("ALTER TABLE owners ALTER COLUMN last_name TYPE bytea USING NULL")
        .update();
    assertThatThrownBy(() -> ClinicApplication.on(database, Release1.class, VALIDATING))
        .hasStackTraceContaining("wrong column type");
    assertThat(output).doesNotContain("no migration adds it");
  }

  /** As the release after it, without its migration. */
  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration(
      exclude = {
        DataJdbcRepositoriesAutoConfiguration.class,
        DataJpaRepositoriesAutoConfiguration.class
      })
  @EntityScan(basePackageClasses = ReleaseC.class)
  static class Forgotten {}

  /** Says which name the column had. */
  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration(
      exclude = {
        DataJdbcRepositoriesAutoConfiguration.class,
        DataJpaRepositoriesAutoConfiguration.class
      })
  @EntityScan(basePackageClasses = Keeper.class)
  static class Annotated {}

  /** Its entities are not in the database of the migrations. */
  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration(
      exclude = {
        DataJdbcRepositoriesAutoConfiguration.class,
        DataJpaRepositoriesAutoConfiguration.class
      })
  static class OtherDatabase {

    static DataSource used;

    @Bean
    LocalContainerEntityManagerFactoryBean entityManagerFactory(EntityManagerFactoryBuilder units) {
      return units.dataSource(used).packages(Keeper.class).persistenceUnit("other").build();
    }
  }
}
