package dev.migrator;

import dev.migrator.error.InvalidMigrationException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A change of columns by expand and contract: new columns beside the old, both kept in step, the
 * rows brought over, the old ones dropped. Made by {@link Migration#define}; the nested types are
 * the stages of that chain.
 */
public final class ColumnChange
    implements Migration.Expanded,
        Migration.DualWritten,
        Migration.Backfilled,
        Migration.ReadSwitched,
        Migration.Contracted {

  private final String id;

  private final TableName table;

  private final List<NewColumn> newColumns;

  private final @Nullable Sync sync;

  private final DualWrite dualWrite;

  private final boolean userTriggers;

  private final ReadTime readTime;

  private final Phase declares;

  private ColumnChange(
      String id,
      TableName table,
      List<NewColumn> newColumns,
      @Nullable Sync sync,
      DualWrite dualWrite,
      boolean userTriggers,
      ReadTime readTime,
      Phase declares) {
    this.id = id;
    this.table = table;
    this.newColumns = List.copyOf(newColumns);
    this.sync = sync;
    this.dualWrite = dualWrite;
    this.userTriggers = userTriggers;
    this.readTime = readTime;
    this.declares = declares;
  }

  static ColumnChange adding(String id, TableName table, String column, String type) {
    return new ColumnChange(
        id,
        table,
        List.of(new NewColumn(column, type)),
        null,
        DualWrite.BY_TRIGGERS,
        true,
        ReadTime.AT_START,
        Phase.EXPAND);
  }

  static ColumnChange renaming(String id, TableName table, String from, String to) {
    Sync sync = Sync.of(from).with(to);
    sync.checkComplete(id);
    return new ColumnChange(
        id,
        table,
        List.of(new NewColumn(to, null)),
        sync,
        DualWrite.BY_TRIGGERS,
        true,
        ReadTime.AT_START,
        Phase.BACKFILL);
  }

  @Override
  public String id() {
    return id;
  }

  /**
   * The table that is changed.
   *
   * @return its name, as declared
   */
  public TableName table() {
    return table;
  }

  @Override
  public Phase declares() {
    return declares;
  }

  /**
   * The columns the change adds.
   *
   * @return at least one
   */
  public List<NewColumn> newColumns() {
    return newColumns;
  }

  /**
   * Which columns are kept in step.
   *
   * @return the pairing; {@code null} if the change ends at {@link Phase#EXPAND}
   */
  public @Nullable Sync sync() {
    return sync;
  }

  /**
   * Whether the code of the releases writes both sides itself.
   *
   * @return no unless said otherwise: triggers do
   */
  public boolean byApplication() {
    return dualWrite == DualWrite.BY_APPLICATION;
  }

  /**
   * Whether the triggers of the table fire on the writes of the backfill.
   *
   * @return yes unless said otherwise
   */
  public boolean userTriggers() {
    return userTriggers;
  }

  /**
   * From when on the code of this release reads the new side, if it declares {@link
   * Phase#SWITCH_READ}.
   *
   * @return at its start unless said otherwise
   */
  public ReadTime readTime() {
    return readTime;
  }

  @Override
  public Expanded addColumn(String name, String type) {
    List<NewColumn> columns = new ArrayList<>(newColumns);
    columns.add(new NewColumn(name, type));
    Set<String> names = new HashSet<>();
    for (NewColumn column : columns) {
      if (!names.add(column.name())) {
        throw new InvalidMigrationException(
            "migration \"%s\" adds the column \"%s\" twice".formatted(id, name));
      }
    }
    return new ColumnChange(
        id, table, columns, null, DualWrite.BY_TRIGGERS, true, ReadTime.AT_START, Phase.EXPAND);
  }

  @Override
  public DualWritten dualWrite(String oldColumn, String newColumn) {
    return dualWrite(oldColumn, newColumn, DualWrite.BY_TRIGGERS);
  }

  @Override
  public DualWritten dualWrite(Sync pairing) {
    return dualWrite(pairing, DualWrite.BY_TRIGGERS);
  }

  @Override
  public DualWritten dualWrite(String oldColumn, String newColumn, DualWrite by) {
    return dualWrite(Sync.of(oldColumn).with(newColumn), by);
  }

  @Override
  public DualWritten dualWrite(Sync pairing, DualWrite by) {
    pairing.checkComplete(id);
    List<String> added = newColumns.stream().map(NewColumn::name).toList();
    if (!new HashSet<>(added).equals(new HashSet<>(pairing.newColumns()))) {
      throw new InvalidMigrationException(
          "migration \"%s\": the new side of dualWrite is %s, but addColumn adds %s; they must be the same"
              .formatted(id, pairing.newColumns(), added));
    }
    return new ColumnChange(
        id, table, newColumns, pairing, by, true, ReadTime.AT_START, Phase.DUAL_WRITE);
  }

  @Override
  public Backfilled backfill() {
    return new ColumnChange(
        id, table, newColumns, sync, dualWrite, userTriggers, ReadTime.AT_START, Phase.BACKFILL);
  }

  @Override
  public Backfilled withoutUserTriggers() {
    return new ColumnChange(
        id, table, newColumns, sync, dualWrite, false, ReadTime.AT_START, Phase.BACKFILL);
  }

  @Override
  public ReadSwitched switchRead() {
    return switchRead(ReadTime.AT_START);
  }

  @Override
  public ReadSwitched switchRead(ReadTime from) {
    return new ColumnChange(
        id, table, newColumns, sync, dualWrite, userTriggers, from, Phase.SWITCH_READ);
  }

  @Override
  public Contracted dropColumn(String column, String... more) {
    List<String> dropped = new ArrayList<>();
    dropped.add(column);
    dropped.addAll(List.of(more));
    List<String> old = (sync == null) ? List.of() : sync.oldColumns();
    if (!new HashSet<>(dropped).equals(new HashSet<>(old)) || dropped.size() != old.size()) {
      throw new InvalidMigrationException(
          "migration \"%s\": dropColumn names %s, but the old side of dualWrite is %s; they must be the same"
              .formatted(id, dropped, old));
    }
    if (byApplication() && readTime == ReadTime.AT_RUNTIME) {
      throw new InvalidMigrationException(
          "migration \"%s\": a release that declares dropColumn writes the new side only where the application writes both sides, so it cannot read the old one either; say switchRead() instead of switchRead(atRuntime()) in this release"
              .formatted(id));
    }
    return new ColumnChange(
        id, table, newColumns, sync, dualWrite, userTriggers, readTime, Phase.CONTRACT);
  }

  @Override
  public String toString() {
    return "migration \"%s\" of table %s, declared up to %s".formatted(id, table, declares);
  }
}
