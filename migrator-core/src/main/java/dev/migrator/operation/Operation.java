package dev.migrator.operation;

import dev.migrator.Phase;
import dev.migrator.TableName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a migration does. Immutable.
 *
 * <p>Every operation goes through the same phases, of which most are empty for most operations:
 * what takes long or checks rows is in {@link Phase#BACKFILL} and runs in the background; what
 * takes something away from an older release is in {@link Phase#CONTRACT} and waits until none of
 * its instances is left. One whose effect is there already does nothing.
 */
public sealed interface Operation
    permits AddCheck,
        AddColumn,
        AddForeignKey,
        AddIndex,
        AddUnique,
        ChangeType,
        ColumnChange,
        Comment,
        CreateTable,
        DropColumn,
        DropConstraint,
        DropDefault,
        DropIndex,
        DropNotNull,
        DropTable,
        RawSql,
        RenameConstraint,
        RenameIndex,
        SetDefault,
        SetNotNull,
        SqlFile {

  /**
   * The table that is changed.
   *
   * @return its name, as declared; {@code null} if nobody knows, as with SQL of the user's own
   */
  @Nullable TableName table();

  /**
   * The last phase that this release declares of it.
   *
   * @return at most {@link #last()}
   */
  default Phase declares() {
    return last();
  }

  /**
   * The last phase in which it does anything.
   *
   * @return {@link Phase#CONTRACT} if it takes something away from older releases
   */
  default Phase last() {
    return Phase.BACKFILL;
  }

  /**
   * The columns that it adds to a table that is there.
   *
   * @return their literal names; empty if it adds none
   */
  default List<String> addedColumns() {
    return List.of();
  }

  /**
   * Whether it makes its table.
   *
   * @return false if the table has to be there
   */
  default boolean createsTable() {
    return false;
  }
}
