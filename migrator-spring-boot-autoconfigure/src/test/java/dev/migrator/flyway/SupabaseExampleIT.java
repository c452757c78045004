package dev.migrator.flyway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.application.DatabaseProperties;
import dev.migrator.application.Page;
import dev.migrator.autoconfigure.MigratorAutoConfiguration;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The examples of docs/coming-from-supabase.md, in applications. */
class SupabaseExampleIT {

  private static final String LISTED =
      "SELECT string_agg(version || '_' || name, ',' ORDER BY version) FROM supabase_migrations.schema_migrations";

  private final Page page = Page.of("coming-from-supabase");

  private final TestDatabase database = TestPostgres.newDatabase();

  @TempDir Path root;

  @AfterEach
  void close() {
    database.close();
  }

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration({DataSourceAutoConfiguration.class, MigratorAutoConfiguration.class})
  static class Profiles {}

  private ConfigurableApplicationContext start(String... properties) {
    return new SpringApplicationBuilder(Profiles.class)
        .web(WebApplicationType.NONE)
        .properties(DatabaseProperties.of(database))
        .properties(properties)
        .run();
  }

  private String value(String sql) {
    return JdbcClient.create(
            new DriverManagerDataSource(
                database.jdbcUrl(), database.username(), database.password()))
        .sql(sql)
        .query(String.class)
        .single();
  }

  @Test
  void oneSettingAndTheFolderOnTheClassPath() {
    assertThat(page.block("xml", 0)).contains("<targetPath>supabase/migrations</targetPath>");
    try (ConfigurableApplicationContext application = start(page.properties(0))) {
      assertThat(value(LISTED)).isEqualTo("20260115120000_create_profiles");
    }
  }

  @Test
  void theWayBackIsInAnotherFolder() throws IOException {
    Files.createDirectories(root.resolve("supabase/migrations"));
    Files.createDirectories(root.resolve("supabase/down"));
    Files.writeString(
        root.resolve("supabase/migrations/20260115120000_add_avatar_url.sql"),
        "create table users (avatar_url text)");
    Files.writeString(
        root.resolve("supabase/down/20260115120000_add_avatar_url.down.sql"), "drop table users");
    String[] properties =
        Arrays.stream(page.properties(1))
            .map(it -> it.replace("file:", "file:" + root + "/"))
            .toArray(String[]::new);
    start(properties).close();
    assertThat(value(LISTED)).isEqualTo("20260115120000_add_avatar_url");
    assertThat(value("SELECT definition::text FROM migrator.step")).contains("drop table users");
  }
}
