package dev.migrator.autoconfigure.liquibase;

import dev.migrator.DualWrite;
import dev.migrator.Migration;
import dev.migrator.Migration.Declared;
import dev.migrator.OnTable;
import dev.migrator.Phase;
import dev.migrator.ReadTime;
import dev.migrator.Sync;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** A change of columns in a changelog, up to where this release is ready. */
final class ColumnsInPhases {

  private static final Set<String> NEW_COLUMN = Set.of("name", "type", "compute");

  private static final Set<String> OLD_COLUMN = Set.of("name", "compute");

  private ColumnsInPhases() {}

  /** New columns in the place of old ones, each a copy or computed from the other side. */
  static Declared declare(OnTable table, Given given, Phase ready) {
    List<Given> added = columns(given, "newColumn", NEW_COLUMN);
    List<Given> old = columns(given, "oldColumn", OLD_COLUMN);
    Migration.Expanded expanded =
        table.addColumn(added.get(0).text("name"), added.get(0).text("type"));
    for (Given column : added.subList(1, added.size())) {
      expanded = expanded.addColumn(column.text("name"), column.text("type"));
    }
    Sync pairing = pairing(old, added);
    if (ready == Phase.EXPAND) {
      return expanded;
    }
    DualWrite by = given.one("dualWrite", DualWrite.class);
    Migration.DualWritten written =
        expanded.dualWrite(pairing, Objects.requireNonNullElse(by, DualWrite.BY_TRIGGERS));
    return ready == Phase.DUAL_WRITE ? written : goOn(written.backfill(), names(old), given, ready);
  }

  /** From BACKFILL on it is the same for each change of columns. */
  static Declared goOn(
      Migration.Backfilled copied, List<String> oldColumns, Given given, Phase ready) {
    if (!ready.includes(Phase.BACKFILL)) {
      throw given.refused(
          "it goes to BACKFILL at once, so \"ready\" cannot be %s; expandContract can"
              .formatted(ready));
    }
    ReadTime reads =
        Objects.requireNonNullElse(given.one("reads", ReadTime.class), ReadTime.AT_START);
    Migration.Backfilled backfilled =
        given.flag("userTriggers", true) ? copied : copied.withoutUserTriggers();
    if (ready == Phase.BACKFILL) {
      return backfilled;
    }
    Migration.ReadSwitched switched = backfilled.switchRead(reads);
    return ready == Phase.SWITCH_READ
        ? switched
        : switched.dropColumn(
            ChangelogOperation.first(oldColumns), ChangelogOperation.more(oldColumns));
  }

  private static List<Given> columns(Given given, String name, Set<String> attributes) {
    List<Given> columns = given.all("columns", name);
    if (columns.isEmpty()) {
      throw given.refused("it needs at least one \"%s\"".formatted(name));
    }
    columns.forEach(it -> it.only(attributes));
    return columns;
  }

  private static Sync pairing(List<Given> old, List<Given> added) {
    List<String> oldNames = names(old);
    List<String> newNames = names(added);
    Sync pairing =
        Sync.of(ChangelogOperation.first(oldNames), ChangelogOperation.more(oldNames))
            .with(ChangelogOperation.first(newNames), ChangelogOperation.more(newNames));
    return computed(computed(pairing, old), added);
  }

  private static Sync computed(Sync pairing, List<Given> columns) {
    Sync all = pairing;
    for (Given column : columns) {
      String expression = column.textOrNull("compute");
      all = expression == null ? all : all.compute(column.text("name"), expression);
    }
    return all;
  }

  private static List<String> names(List<Given> columns) {
    return columns.stream().map(it -> it.text("name")).toList();
  }
}
