package dev.migrator.moduleprogram;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Runs a migration with the engine as a named module. */
public final class ModuleProgram {

  public static final String MODULE = "dev.migrator.core";

  private ModuleProgram() {}

  /**
   * Runs it.
   *
   * @param arguments URL, user name and password of a database
   */
  public static void main(String[] arguments) {
    DriverManagerDataSource dataSource =
        new DriverManagerDataSource(arguments[0], arguments[1], arguments[2]);
    new JdbcTemplate(dataSource)
        .execute(
            """
            CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL);
            INSERT INTO users VALUES (1, 'Ada'), (2, 'Grace')
            """);
    Migration migration =
        Migration.define("full-name").table("users").renameColumn("name", "full_name").switchRead();
    try (Migrator migrator =
        Migrator.builder(dataSource).declare("the program", migration).build()) {
      migrator.prepare();
      System.out.printf(
          "%s has reached %s%n",
          Migrator.class.getModule(), migrator.status("full-name").orElseThrow().phase());
    }
  }
}
