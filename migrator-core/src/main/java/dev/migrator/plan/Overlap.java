package dev.migrator.plan;

import dev.migrator.ColumnChange;
import dev.migrator.NewColumn;
import java.util.HashSet;
import java.util.Set;

/** Whether two changes touch the same columns, so that one has to be finished before the other. */
public final class Overlap {

  private Overlap() {}

  public static boolean between(ColumnChange one, ColumnChange other) {
    boolean sameTable =
        one.table().name().equals(other.table().name())
            && (one.table().schema() == null
                || other.table().schema() == null
                || one.table().schema().equals(other.table().schema()));
    Set<String> common = columns(one);
    common.retainAll(columns(other));
    return sameTable && !common.isEmpty();
  }

  private static Set<String> columns(ColumnChange change) {
    Set<String> columns = new HashSet<>();
    change.newColumns().stream().map(NewColumn::name).forEach(columns::add);
    if (change.sync() != null) {
      columns.addAll(change.sync().oldColumns());
    }
    return columns;
  }
}
