package dev.migrator.internal.fleet;

import dev.migrator.MappedColumn;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The columns that an instance maps, as its row has them, made by the server as in DeclaredJson.
 */
final class MappedJson {

  /** For a statement with {@link #parameters}; NULL as long as they are not known. */
  static final String MAPPED =
      """
      CASE WHEN :isMapped THEN
        (SELECT coalesce(pg_catalog.jsonb_agg(
                  pg_catalog.jsonb_build_object('table', m.table_name, 'column', m.column_name, 'where', m.place)), '[]')
           FROM ROWS FROM (pg_catalog.unnest(:mappedTables::text[]), pg_catalog.unnest(:mappedColumns::text[]),
                           pg_catalog.unnest(:mappedPlaces::text[])) AS m (table_name, column_name, place)) END
      """;

  private MappedJson() {}

  /** The parameters of {@link #MAPPED}. */
  static Map<String, Object> parameters(@Nullable Collection<MappedColumn> columns) {
    List<String> tables = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<String> places = new ArrayList<>();
    if (columns != null) {
      for (MappedColumn column : columns) {
        tables.add(column.table());
        names.add(column.column());
        places.add(column.where());
      }
    }
    Map<String, Object> parameters = new HashMap<>();
    parameters.put("isMapped", columns != null);
    parameters.put("mappedTables", tables.toArray(new String[0]));
    parameters.put("mappedColumns", names.toArray(new String[0]));
    parameters.put("mappedPlaces", places.toArray(new String[0]));
    return parameters;
  }
}
