package dev.migrator.autoconfigure;

import org.springframework.core.env.Environment;

/** In a test of a part of an application, Spring Boot puts an embedded database in its place. */
final class TestDatabases {

  /** There wherever {@code @AutoConfigureTestDatabase} is, which those tests have. */
  private static final String REPLACED = "spring.test.database.connection";

  private TestDatabases() {}

  /** A sentence more for who has a database that cannot be migrated; empty outside of tests. */
  static String advice(Environment environment) {
    return environment.containsProperty(REPLACED)
        ? " In this test Spring Boot has put an embedded database in the place of the application's:"
            + " add @AutoConfigureTestPostgres of migrator-test, or set migrator.enabled=false and"
            + " let Hibernate or a script make the tables."
        : "";
  }
}
