package dev.migrator.internal.catalog;

import dev.migrator.internal.sql.Identifiers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An index without its name, in the server's canonical form.
 *
 * @param unique whether it is unique
 * @param definition what follows USING, with every name qualified
 * @param keys the key columns and expressions
 * @param predicate which rows it has; {@code null} for all
 */
public record IndexShape(
    boolean unique, String definition, List<String> keys, @Nullable String predicate) {

  public IndexShape {
    keys = List.copyOf(keys);
  }

  /** The statement that builds it beside the running application. */
  public String build(String name, String table) {
    return "CREATE %sINDEX CONCURRENTLY %s ON %s USING %s"
        .formatted(unique ? "UNIQUE " : "", Identifiers.quote(name), table, definition);
  }

  /** Finds the values that occur more than once. Rows with a NULL among them never collide. */
  public String duplicates(String table) {
    String values = String.join(", ", keys);
    StringBuilder condition = new StringBuilder();
    for (String key : keys) {
      condition.append(condition.isEmpty() ? "" : " AND ").append(key).append(" IS NOT NULL");
    }
    if (predicate != null) {
      condition.append(" AND (").append(predicate).append(')');
    }
    return "SELECT %s FROM ONLY %s WHERE %s GROUP BY %s HAVING count(*) > 1"
        .formatted(values, table, condition, values);
  }
}
