package dev.migrator.clinic;

import dev.migrator.application.DatabaseProperties;
import dev.migrator.test.TestDatabase;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Starts releases of the application as it comes: with the defaults of Spring Boot, and scripts.
 */
final class ClinicApplication {

  private ClinicApplication() {}

  /** Without a profile: on H2. */
  static ConfigurableApplicationContext onH2(Class<?> release, String... more) {
    return builder(release)
        .properties("clinic.database=h2")
        .properties(more)
        .run("--spring.datasource.embedded-database-connection=h2");
  }

  static ConfigurableApplicationContext on(
      TestDatabase database, Class<?> release, String... more) {
    return builder(release)
        .properties(DatabaseProperties.of(database))
        .properties("clinic.database=postgres", "spring.sql.init.mode=always")
        .properties("spring.datasource.hikari.minimum-idle=10") // As by default.
        .properties(more)
        // The properties of these tests keep it off.
        .run("--spring.flyway.enabled=${clinic.flyway:false}");
  }

  private static SpringApplicationBuilder builder(Class<?> release) {
    String scripts = "classpath:db/clinic/" + shape(release);
    return new SpringApplicationBuilder(release)
        .web(WebApplicationType.NONE)
        .properties(
            "spring.application.name=clinic",
            "spring.liquibase.enabled=false",
            "spring.jpa.hibernate.ddl-auto=none",
            "spring.jpa.open-in-view=true",
            "spring.sql.init.schema-locations=" + scripts + "/schema-${clinic.database}.sql",
            "spring.sql.init.data-locations=" + scripts + "/data-${clinic.database}.sql");
  }

  private static String shape(Class<?> release) {
    return release.getPackageName().substring(release.getPackageName().lastIndexOf('.') + 1);
  }
}
