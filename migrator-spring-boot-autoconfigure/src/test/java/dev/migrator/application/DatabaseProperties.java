package dev.migrator.application;

import dev.migrator.test.TestDatabase;

/** What tells an application of a test where its database is. */
public final class DatabaseProperties {

  private DatabaseProperties() {}

  /** As {@code SpringApplicationBuilder} and {@code ApplicationContextRunner} take them. */
  public static String[] of(TestDatabase database) {
    return new String[] {
      "spring.datasource.url=" + database.jdbcUrl(),
      "spring.datasource.username=" + database.username(),
      "spring.datasource.password=" + database.password(),
      // Ten by default, of which a test uses one or two.
      "spring.datasource.hikari.minimum-idle=1"
    };
  }
}
