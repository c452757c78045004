package dev.migrator.autoconfigure.liquibase;

import dev.migrator.Migrator;
import dev.migrator.application.DatabaseProperties;
import dev.migrator.application.Page;
import dev.migrator.autoconfigure.MigratorAutoConfiguration;
import dev.migrator.test.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** A release whose changelog makes a table, and then includes files of its own. */
final class ChangelogRelease {

  /** The migration of the first example of the page, in each format. */
  static final String ID = "2026-11-28-users-full-name";

  /** The number of the instance, so that each has a name of its own. */
  private static final AtomicInteger INSTANCES = new AtomicInteger();

  private final TestDatabase database;

  private final Path folder;

  private final Class<?> configuration;

  ChangelogRelease(TestDatabase database, Path folder, Class<?> configuration) {
    this.database = database;
    this.folder = folder;
    this.configuration = configuration;
  }

  /** With no beans. */
  ChangelogRelease(TestDatabase database, Path folder) {
    this(database, folder, Changelogs.class);
  }

  /** The first example of a format. */
  static String documented(String format) {
    return Page.of("coming-from-liquibase").block(format, 0);
  }

  /** Writes a file of the changelog, which is included. */
  ChangelogRelease with(String file, String content) {
    return write(file, content);
  }

  private ChangelogRelease write(String file, String content) {
    try {
      Files.writeString(folder.resolve(file), content);
    } catch (IOException ex) {
      throw new UncheckedIOException(ex);
    }
    return this;
  }

  /** The changelog that includes these files. */
  String changelog(String... files) {
    StringBuilder master =
        new StringBuilder(
            "databaseChangeLog:\n  - include: { file: 'classpath:db/changelog/users.yaml' }\n");
    for (String file : files) {
      master.append("  - include: { file: 'file:%s' }%n".formatted(folder.resolve(file)));
    }
    write("master.yaml", master.toString());
    return "file:" + folder.resolve("master.yaml");
  }

  ConfigurableApplicationContext start(String changelog, String... properties) {
    return new SpringApplicationBuilder(configuration)
        .web(WebApplicationType.NONE)
        .properties(DatabaseProperties.of(database))
        .properties(
            "spring.liquibase.change-log=" + changelog,
            "spring.liquibase.analytics-enabled=false",
            "migrator.contract.mode=auto",
            "migrator.instance-id=instance-" + INSTANCES.incrementAndGet())
        .run(Arrays.stream(properties).map("--"::concat).toArray(String[]::new));
  }

  static Migrator migrator(ConfigurableApplicationContext application) {
    return application.getBean(Migrator.class);
  }

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration({
    DataSourceAutoConfiguration.class,
    LiquibaseAutoConfiguration.class,
    MigratorAutoConfiguration.class,
    MigratorChangelogAutoConfiguration.class
  })
  static class Changelogs {}
}
