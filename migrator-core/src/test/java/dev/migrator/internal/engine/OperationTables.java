package dev.migrator.internal.engine;

import dev.migrator.test.TestDatabase;

/** Databases with the tables that every operation is tried on, and with an empty journal. */
final class OperationTables {

  private static final TestDatabase DATABASE = Fixture.template(OperationCrashIT.TABLES);

  private OperationTables() {}

  static Fixture fixture() {
    return Fixture.copyOf(DATABASE);
  }
}
