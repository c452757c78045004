package dev.migrator.test.rehearsal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes migrations through all their phases before they meet production: on a PostgreSQL of the
 * test's own, from the schema that they will find, with as many rows, and measures what each
 * statement really did. JUnit gives one to each test of a class that says {@link RehearsalTest}.
 *
 * <pre>{@code
 * try (Rehearsal rehearsal =
 *     Rehearsal.builder().schema("classpath:schema.sql").declare("usersFullName", migration).build()) {
 *   System.out.println(rehearsal.of(migration.id()).withRows("users", 100_000).run().toText());
 * }
 * }</pre>
 *
 * <p>The engine is the one of production. It is told to pause whenever a phase is reached, so that
 * statements of the application can be tried between two phases; its gates are open, as no release
 * runs that would have to be waited for.
 */
public final class Rehearsal implements AutoCloseable {

  private final Setup setup;

  /** What several runs begin with is made once. */
  private final Map<Start, StartingDatabase> starts = new HashMap<>();

  Rehearsal(Setup setup) {
    this.setup = setup;
  }

  private record Start(String id, WantedRows rows) {}

  /**
   * Begins to say what is rehearsed.
   *
   * @return a builder in which everything has a default
   */
  public static RehearsalBuilder builder() {
    return new RehearsalBuilder();
  }

  /**
   * Chooses the migration. Those before it in the order of the history run first, and those behind
   * it are left out.
   *
   * @param id its id
   * @return the rehearsal of that one, which nothing runs of yet
   */
  public RehearsedMigration of(String id) {
    return new RehearsedMigration(this, id, WantedRows.NONE, List.of(), 0);
  }

  Setup setup() {
    return setup;
  }

  synchronized StartingDatabase start(String id, WantedRows rows) {
    return starts.computeIfAbsent(
        new Start(id, rows), key -> StartingDatabase.make(setup, id, rows));
  }

  /** Drops its databases. */
  @Override
  public synchronized void close() {
    starts.values().forEach(it -> it.database().drop());
    starts.clear();
  }
}
