package dev.migrator.diff.internal.mapping;

import dev.migrator.diff.internal.schema.Place;
import dev.migrator.diff.internal.schema.Schema;
import dev.migrator.diff.internal.schema.SchemaColumn;
import dev.migrator.diff.internal.schema.SchemaTable;
import dev.migrator.diff.internal.schema.TableId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tables of several classes. An attribute of one of them may be mapped as never null: the rows of
 * the others have NULL in its column all the same.
 */
public final class SharedTables {

  private SharedTables() {}

  /** The same schema, where such columns take NULL. */
  public static Schema relaxed(Schema schema, Mapping mapping) {
    Map<TableId, SchemaTable> tables = new TreeMap<>();
    schema.tables().forEach((id, table) -> tables.put(id, relaxed(table, mapping)));
    return new Schema(tables, schema.sequences(), schema.enums(), schema.views());
  }

  private static SchemaTable relaxed(SchemaTable table, Mapping mapping) {
    Map<String, SchemaColumn> columns = new LinkedHashMap<>();
    for (SchemaColumn it : table.columns().values()) {
      Attribute attribute = mapping.at(new Place(table.id(), it.name()));
      boolean shared =
          attribute != null && attribute.role() == Attribute.Role.OF_SUBCLASS && it.notNull();
      columns.put(it.name(), shared ? it.nullable() : it);
    }
    return new SchemaTable(
        table.id(), columns, table.keys(), table.references(), table.indexes(), table.checks());
  }
}
