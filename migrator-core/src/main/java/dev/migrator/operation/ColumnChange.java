package dev.migrator.operation;

import dev.migrator.DualWrite;
import dev.migrator.Phase;
import dev.migrator.ReadTime;
import dev.migrator.Sync;
import dev.migrator.TableName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change of columns by expand and contract: new columns beside the old, both kept in step, the
 * rows copied, the old ones dropped.
 *
 * @param table the table
 * @param newColumns the columns that are added; at least one
 * @param sync which columns are kept in step; {@code null} if columns are only added
 * @param dualWrite who keeps both sides in step
 * @param userTriggers whether the triggers of the table fire on the writes of the backfill
 * @param readTime from when on the code of this release reads the new side, if it declares {@link
 *     Phase#SWITCH_READ}
 * @param declares the last phase that this release declares
 */
public record ColumnChange(
    TableName table,
    List<NewColumn> newColumns,
    @Nullable Sync sync,
    DualWrite dualWrite,
    boolean userTriggers,
    ReadTime readTime,
    Phase declares)
    implements Operation {

  /** Copies the list. */
  public ColumnChange {
    newColumns = List.copyOf(newColumns);
  }

  @Override
  public Phase last() {
    return (sync == null) ? Phase.EXPAND : Phase.CONTRACT;
  }

  @Override
  public List<String> addedColumns() {
    return newColumns.stream().map(NewColumn::name).toList();
  }
}
