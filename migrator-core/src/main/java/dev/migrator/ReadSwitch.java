package dev.migrator;

import dev.migrator.settings.FleetSettings;
import java.util.function.Supplier;

/**
 * Which side of a change to read, for releases that declare {@code switchRead(atRuntime())}: such a
 * release serves at once and reads the old side, until both sides are proved equal; then every
 * instance turns to the new side by itself, within a second. Writes may use either side all the
 * time. Asking costs no query.
 *
 * <pre>{@code
 * String column = readSwitch.readsNew("2026-11-22-users-full-name") ? "full_name" : "name";
 * }</pre>
 *
 * <p>Ask once for each request or transaction, right before reading; an answer kept for longer than
 * {@link FleetSettings#switchGrace()} can be out of date.
 */
public interface ReadSwitch {

  /**
   * Whether to read the new side of a change.
   *
   * @param migration the id of a migration that this release declares
   * @return {@code true} for the new side; for a release that declares {@code switchRead()} without
   *     {@code atRuntime()} always, for one that declares less never
   * @throws IllegalArgumentException if this release does not declare that migration
   */
  boolean readsNew(String migration);

  /**
   * Whether to read a column that a change makes, for code that does not know its migration.
   *
   * <pre>{@code
   * String column = readSwitch.readsNew("users", "full_name") ? "full_name" : "name";
   * }</pre>
   *
   * @param table the name of the table, without a schema
   * @param newColumn the name of a column of the new side
   * @return as {@link #readsNew(String)} of the migration that makes the column
   * @throws IllegalArgumentException if no migration that this release declares makes that column,
   *     or more than one does, on tables of that name in several schemas
   */
  boolean readsNew(String table, String newColumn);

  /**
   * A switch that is fixed to the old side, such as for a test.
   *
   * @return a switch that knows every migration
   */
  static ReadSwitch oldSide() {
    return new FixedReadSwitch(false);
  }

  /**
   * A switch that is fixed to the new side, such as for a test.
   *
   * @return a switch that knows every migration
   */
  static ReadSwitch newSide() {
    return new FixedReadSwitch(true);
  }

  /**
   * Takes the result from the side that is to be read.
   *
   * @param migration the id of a migration that this release declares
   * @param oldSide reads the old side
   * @param newSide reads the new side
   * @param <T> what is read
   * @return what that side gave
   * @throws IllegalArgumentException if this release does not declare that migration
   */
  default <T> T read(String migration, Supplier<T> oldSide, Supplier<T> newSide) {
    return readsNew(migration) ? newSide.get() : oldSide.get();
  }
}
