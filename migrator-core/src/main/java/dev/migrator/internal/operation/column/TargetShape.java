package dev.migrator.internal.operation.column;

import dev.migrator.Phase;
import dev.migrator.Sync;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.Resolution;
import dev.migrator.operation.ColumnChange;
import dev.migrator.operation.NewColumn;
import java.util.List;

/**
 * A table that was made in the shape that a change ends with: by scripts that describe the present
 * schema, in a database that never had the old one.
 */
final class TargetShape {

  private final Resolution resolution;

  TargetShape(Resolution resolution) {
    this.resolution = resolution;
  }

  /**
   * Whether it is so. A change that is under way has triggers or retired columns in the table, and
   * a release that does not declare the end of it still uses the old columns.
   */
  boolean isOf(ColumnChange change, TableFacts table) {
    Sync sync = change.sync();
    return sync != null
        && change.declares() == Phase.CONTRACT
        && sync.oldColumns().stream().noneMatch(it -> table.column(it).isPresent())
        && change.newColumns().stream()
            .map(NewColumn::name)
            .allMatch(it -> table.column(it).isPresent())
        && traces(table.oid(), sync.oldColumns()).isEmpty();
  }

  private List<String> traces(long table, List<String> old) {
    String[] retired = new String[old.size()];
    for (int i = 0; i < retired.length; i++) {
      retired[i] = resolution.names().retired(i);
    }
    return resolution
        .database()
        .jdbc()
        .sql(
            """
            SELECT tgname::text FROM pg_catalog.pg_trigger
             WHERE tgrelid = :table::oid AND starts_with(tgname::text, :prefix)
             UNION ALL
            SELECT attname::text FROM pg_catalog.pg_attribute
             WHERE attrelid = :table::oid AND attname = ANY (:retired) AND NOT attisdropped
             UNION ALL
            -- A column that somebody drops by hand takes the triggers along, and not their functions.
            SELECT p.proname::text FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
             WHERE n.nspname = 'migrator' AND starts_with(p.proname::text, :functions)
            """)
        .param("table", table)
        .param("prefix", resolution.names().trigger(""))
        .param("functions", resolution.names().function(""))
        .param("retired", retired)
        .query(String.class)
        .list();
  }
}
