package dev.migrator;

/**
 * A change of one table that needs no old side and new side: an index, a constraint, NOT NULL. Made
 * by {@link Migration#define}.
 *
 * <p>A recipe goes through the same phases as every change, of which most are empty: what takes
 * long or checks rows is in {@link Phase#BACKFILL} and runs in the background; what takes something
 * away from an older release is in {@link Phase#CONTRACT} and waits until none of its instances is
 * left. One whose effect is there already does nothing.
 */
public sealed interface Recipe extends Migration
    permits AddCheck,
        AddForeignKey,
        AddIndex,
        AddUnique,
        DropIndex,
        Recipe.NotNull,
        Recipe.Filling {

  /**
   * The table that is changed.
   *
   * @return its name, as declared
   */
  TableName table();

  /** A column becomes NOT NULL. A release that ends here says that no release writes NULL. */
  sealed interface NotNull extends Recipe permits SetNotNull {

    /**
     * Gives a value to the rows that have NULL, in small ranges, and by a trigger to what a release
     * still writes with NULL, so that no write of it fails. The value must fit the other
     * constraints of the column, and must not be NULL.
     *
     * <p>An undo takes the trigger and NOT NULL back, but leaves the values: nobody could tell them
     * from those that were written.
     *
     * @param expression an SQL expression, constant or over the other columns of the row, named
     *     without the table
     * @return a migration that ends at {@link Phase#BACKFILL}, and its continuation
     */
    Filling fillNullsWith(String expression);
  }

  /** NULLs are filled. A release that ends here may still write NULL. */
  sealed interface Filling extends Recipe permits SetNotNull {

    /**
     * Says that the code of this release never writes NULL: once no release does, the trigger goes.
     *
     * @return a migration that ends at {@link Phase#CONTRACT}
     */
    Recipe stopFilling();
  }
}
