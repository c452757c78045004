package dev.migrator;

import dev.migrator.settings.FleetSettings;
import java.util.function.Supplier;

/**
 * Tells code which side of a migration to read, for releases that declare {@code
 * switchRead(atRuntime())}: such a release serves at once and reads the old side until both sides
 * are verified to be equal; then every instance switches to the new side within a second. Writes
 * may use either side at any time. Executes no query.
 *
 * <pre>{@code
 * String column = readSwitch.readsNew("2026-11-22-users-full-name") ? "full_name" : "name";
 * }</pre>
 *
 * <p>Ask once in each request or transaction, right before reading; an answer that is kept for
 * longer than {@link FleetSettings#switchGrace()} can be out of date.
 */
public interface ReadSwitch {

  /**
   * Returns whether to read the new side of a migration.
   *
   * @param migration the id of a migration that this release declares
   * @return {@code true} for the new side; always for a release that declares {@code switchRead()}
   *     without {@code atRuntime()}, never for one that declares less
   * @throws IllegalArgumentException if this release does not declare that migration
   */
  boolean readsNew(String migration);

  /**
   * Returns whether to read a column that a migration adds, for code that does not know the id of
   * the migration.
   *
   * <pre>{@code
   * String column = readSwitch.readsNew("users", "full_name") ? "full_name" : "name";
   * }</pre>
   *
   * @param table the name of the table, without a schema
   * @param newColumn the name of a column of the new side
   * @return as {@link #readsNew(String)} for the migration that adds the column
   * @throws IllegalArgumentException if no migration that this release declares adds that column,
   *     or more than one does, on tables of that name in several schemas
   */
  boolean readsNew(String table, String newColumn);

  /**
   * Returns a switch that is fixed to the old side, for tests.
   *
   * @return a switch that knows every migration
   */
  static ReadSwitch oldSide() {
    return new FixedReadSwitch(false);
  }

  /**
   * Returns a switch that is fixed to the new side, for tests.
   *
   * @return a switch that knows every migration
   */
  static ReadSwitch newSide() {
    return new FixedReadSwitch(true);
  }

  /**
   * Reads the side that is to be read.
   *
   * @param migration the id of a migration that this release declares
   * @param oldSide reads the old side
   * @param newSide reads the new side
   * @param <T> what is read
   * @return the result of that side
   * @throws IllegalArgumentException if this release does not declare that migration
   */
  default <T> T read(String migration, Supplier<T> oldSide, Supplier<T> newSide) {
    return readsNew(migration) ? newSide.get() : oldSide.get();
  }
}
