package dev.migrator.operation;

import dev.migrator.TableName;
import dev.migrator.internal.Names;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A new index. See {@link dev.migrator.OnTable#addIndex}.
 *
 * @param table the table
 * @param name the literal name of the index
 * @param columns the literal names of what is indexed; empty if {@code expressions} says it
 * @param expressions what is indexed, as SQL writes it between the parentheses; {@code null} if
 *     {@code columns} says it
 * @param unique whether it refuses a second row of the same values
 * @param predicate which rows it has, as SQL writes it; {@code null} for all
 * @param method the literal name of the access method
 * @param included the literal names of the columns that are only stored with it
 */
public record AddIndex(
    TableName table,
    String name,
    List<String> columns,
    @Nullable String expressions,
    boolean unique,
    @Nullable String predicate,
    String method,
    List<String> included)
    implements Operation {

  /** Checks the names and copies the lists. */
  public AddIndex {
    Names.check("index", name);
    Names.check("access method", method);
    columns = List.copyOf(columns);
    included = List.copyOf(included);
  }
}
