package dev.migrator;

import dev.migrator.error.ErrorCode;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.operation.ColumnChange;
import dev.migrator.operation.NewColumn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The stages of a change of columns. */
final class ColumnChangeStage extends Stage
    implements Migration.Expanded,
        Migration.DualWritten,
        Migration.Backfilled,
        Migration.ReadSwitched,
        Migration.Contracted {

  private final ColumnChange change;

  private ColumnChangeStage(MigrationBuilder before, ColumnChange change) {
    super(before, change);
    this.change = change;
  }

  static ColumnChangeStage adding(
      MigrationBuilder before, TableName table, List<NewColumn> columns) {
    return new ColumnChangeStage(
        before,
        new ColumnChange(
            table, columns, null, DualWrite.BY_TRIGGERS, true, ReadTime.AT_START, Phase.EXPAND));
  }

  static ColumnChangeStage renaming(
      MigrationBuilder before, TableName table, String from, String to) {
    Sync sync = Sync.of(from).with(to);
    sync.checkComplete(before.id());
    return new ColumnChangeStage(
        before,
        new ColumnChange(
            table,
            List.of(new NewColumn(to, null)),
            sync,
            DualWrite.BY_TRIGGERS,
            true,
            ReadTime.AT_START,
            Phase.BACKFILL));
  }

  @Override
  public Migration.Expanded addColumn(String name, String type) {
    List<NewColumn> columns = new ArrayList<>(change.newColumns());
    columns.add(new NewColumn(name, type));
    Set<String> names = new HashSet<>();
    for (NewColumn column : columns) {
      if (!names.add(column.name())) {
        throw invalid(ErrorCode.NAMED_TWICE, "adds the column \"%s\" twice".formatted(name));
      }
    }
    return adding(before(), change.table(), columns);
  }

  @Override
  public Migration.DualWritten dualWrite(String oldColumn, String newColumn) {
    return dualWrite(oldColumn, newColumn, DualWrite.BY_TRIGGERS);
  }

  @Override
  public Migration.DualWritten dualWrite(Sync pairing) {
    return dualWrite(pairing, DualWrite.BY_TRIGGERS);
  }

  @Override
  public Migration.DualWritten dualWrite(String oldColumn, String newColumn, DualWrite by) {
    return dualWrite(Sync.of(oldColumn).with(newColumn), by);
  }

  @Override
  public Migration.DualWritten dualWrite(Sync pairing, DualWrite by) {
    pairing.checkComplete(id());
    List<String> added = change.newColumns().stream().map(NewColumn::name).toList();
    if (!new HashSet<>(added).equals(new HashSet<>(pairing.newColumns()))) {
      throw invalid(
          ErrorCode.SIDES_DIFFER,
          ": the new side of dualWrite is %s, but addColumn adds %s; they must be the same"
              .formatted(pairing.newColumns(), added));
    }
    return with(pairing, by, true, ReadTime.AT_START, Phase.DUAL_WRITE);
  }

  @Override
  public Migration.Backfilled backfill() {
    return with(
        change.sync(),
        change.dualWrite(),
        change.userTriggers(),
        ReadTime.AT_START,
        Phase.BACKFILL);
  }

  @Override
  public Migration.Backfilled withoutUserTriggers() {
    return with(change.sync(), change.dualWrite(), false, ReadTime.AT_START, Phase.BACKFILL);
  }

  @Override
  public Migration.ReadSwitched switchRead() {
    return switchRead(ReadTime.AT_START);
  }

  @Override
  public Migration.ReadSwitched switchRead(ReadTime from) {
    return with(change.sync(), change.dualWrite(), change.userTriggers(), from, Phase.SWITCH_READ);
  }

  @Override
  public Migration.Contracted dropColumn(String column, String... more) {
    List<String> dropped = new ArrayList<>();
    dropped.add(column);
    dropped.addAll(List.of(more));
    Sync sync = change.sync();
    List<String> old = (sync == null) ? List.of() : sync.oldColumns();
    if (!new HashSet<>(dropped).equals(new HashSet<>(old)) || dropped.size() != old.size()) {
      throw invalid(
          ErrorCode.SIDES_DIFFER,
          ": dropColumn names %s, but the old side of dualWrite is %s; they must be the same"
              .formatted(dropped, old));
    }
    if (change.dualWrite() == DualWrite.BY_APPLICATION
        && change.readTime() == ReadTime.AT_RUNTIME) {
      throw invalid(
          ErrorCode.SWITCH_AT_RUNTIME_TOO_LATE,
          ": a release that declares dropColumn writes the new side only where the application writes both sides, so it cannot read the old one either; say switchRead() instead of switchRead(atRuntime()) in this release");
    }
    return with(sync, change.dualWrite(), change.userTriggers(), change.readTime(), Phase.CONTRACT);
  }

  private ColumnChangeStage with(
      @Nullable Sync sync, DualWrite by, boolean userTriggers, ReadTime readTime, Phase declares) {
    return new ColumnChangeStage(
        before(),
        new ColumnChange(
            change.table(), change.newColumns(), sync, by, userTriggers, readTime, declares));
  }

  private InvalidMigrationException invalid(ErrorCode code, String message) {
    String separator = message.startsWith(":") ? "" : " ";
    return new InvalidMigrationException(code, "migration \"" + id() + "\"" + separator + message);
  }
}
