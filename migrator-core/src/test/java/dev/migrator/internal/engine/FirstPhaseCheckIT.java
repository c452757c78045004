package dev.migrator.internal.engine;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.settings.MigratorSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Comparing what a start is to do, where another instance does it in between. */
class FirstPhaseCheckIT {

  private static final MigratorSettings SETTINGS =
      Fixture.SETTINGS.toBuilder().safety(it -> it.oneTransactionRows(1_000)).build();

  private static final Migration FIRST = rename("1", "s");

  private static final Migration SECOND = rename("2", "t");

  private final Fixture fixture = new Fixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private static Migration rename(String id, String table) {
    return Migration.define(id).table(table).renameColumn("a", "b").switchRead().dropColumn("a");
  }

  private void tables() {
    fixture.execute(
        "CREATE TABLE s (id int PRIMARY KEY, a text)",
        "CREATE TABLE t (id int PRIMARY KEY, a text)",
        "CREATE TABLE u (id int PRIMARY KEY)");
    Migrator journal = fixture.migrator(SETTINGS);
    journal.prepare();
    journal.close();
  }

  /** Looks, and leads only when another instance has done some and has gone. */
  private Migrator late(Migration[] done, Migration... migrations) {
    Runnable other =
        () -> {
          Migrator first = fixture.migrator(fixture.pool(3), SETTINGS, done);
          first.prepare();
          first.close();
        };
    return fixture.migrator(
        HookedDataSource.patient(fixture.dataSource(), "SET token = lease.token + 1", other),
        SETTINGS,
        migrations);
  }

  /** The new columns are there: the start goes on with what is left. */
  @Test
  void whatAnotherInstanceHasDoneIsNotComparedInTheStart() {
    tables();
    Migration third = Migration.define("3").table("u").addColumn("c", "int");
    Migrator late = late(new Migration[] {FIRST, SECOND}, FIRST, SECOND, third);
    late.prepare();
    late.start();
    Fixture.awaitPhase(late, "3", Phase.EXPAND);
  }
}
