package dev.migrator;

import dev.migrator.internal.Names;
import org.jspecify.annotations.Nullable;

/**
 * The name of a table, taken literally: no folding to lower case and no splitting at dots, so
 * {@code new TableName(null, "Order")} is what SQL writes as {@code "Order"}.
 *
 * @param schema the schema, or {@code null} for the first schema on the search path that has the
 *     table
 * @param name the name of the table
 */
public record TableName(@Nullable String schema, String name) {

  /** Checks the names. */
  public TableName {
    if (schema != null) {
      Names.check("schema", schema);
    }
    Names.check("table", name);
  }

  /** The name as a person would write it, for messages. Not SQL: nothing is quoted. */
  @Override
  public String toString() {
    return (schema == null) ? name : schema + "." + name;
  }
}
