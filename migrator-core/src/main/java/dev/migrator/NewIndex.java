package dev.migrator;

import dev.migrator.internal.Names;
import dev.migrator.operation.AddIndex;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An index that has a name and needs to be told what it is on.
 *
 * <pre>{@code
 * Migration.define("2026-11-23-users-by-name")
 *     .table("users")
 *     .addIndex("users_by_name")
 *     .on("name", "created_at");
 * }</pre>
 */
public final class NewIndex {

  private final MigrationBuilder before;

  private final TableName table;

  private final String name;

  NewIndex(MigrationBuilder before, TableName table, String name) {
    this.before = before;
    this.table = table;
    this.name = Names.check("index", name);
  }

  /**
   * Indexes columns.
   *
   * @param column a column
   * @param more further columns
   * @return a migration that ends at {@link Phase#BACKFILL}
   */
  public Migration.IndexAdded on(String column, String... more) {
    return index(Names.columns(column, more), null);
  }

  /**
   * Indexes what SQL writes between the parentheses of CREATE INDEX: columns and expressions, with
   * collation, operator class and order.
   *
   * @param sql such as {@code "lower(email) text_pattern_ops, created_at DESC"}
   * @return a migration that ends at {@link Phase#BACKFILL}
   */
  public Migration.IndexAdded onExpressions(String sql) {
    return index(List.of(), Names.expressions(before.id(), "onExpressions", sql));
  }

  private Migration.IndexAdded index(List<String> columns, @Nullable String expressions) {
    return new IndexStage(
        before, new AddIndex(table, name, columns, expressions, false, null, "btree", List.of()));
  }
}
