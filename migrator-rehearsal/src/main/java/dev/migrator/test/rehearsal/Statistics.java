package dev.migrator.test.rehearsal;

import dev.migrator.check.TableStatistics;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known of production's tables, for the rows that are made. */
final class Statistics {

  private final @Nullable TableStatistics known;

  private final List<String> warnings = new ArrayList<>();

  Statistics(@Nullable TableStatistics known) {
    this.known = known;
  }

  /** Statistics that have none of the tables are those of another database. */
  void requireAny(Connection connection, List<TableShape> shapes) throws SQLException {
    TableStatistics all = known;
    if (all == null || shapes.isEmpty()) {
      return;
    }
    for (TableShape shape : shapes) {
      if (table(connection, shape) == null) {
        warnings.add(
            "the statistics have no table %s: its rows are made without".formatted(shape.name()));
      }
    }
    if (warnings.size() == shapes.size()) {
      throw new RehearsalException(
          "the statistics are of another database: they have none of %s, but %s; write them anew by the command stats"
              .formatted(
                  shapes.stream().map(TableShape::name).toList(),
                  all.tables().stream()
                      .limit(5)
                      .map(it -> it.schema() + "." + it.name())
                      .toList()));
    }
  }

  /** How the values of a table's columns are spread, by their names. */
  Map<String, Spread> of(Connection connection, TableShape shape, long rows) throws SQLException {
    Map<String, Spread> spread = new HashMap<>();
    TableStatistics.Table table = table(connection, shape);
    if (table != null) {
      table.columns().forEach(it -> spread.put(it.name(), Spread.of(it, rows)));
    }
    return spread;
  }

  private TableStatistics.@Nullable Table table(Connection connection, TableShape shape)
      throws SQLException {
    TableStatistics all = known;
    if (all == null) {
      return null;
    }
    List<String> name =
        Sql.list(
                connection,
                """
                SELECT n.nspname, c.relname FROM pg_catalog.pg_class c
                  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ?::regclass
                """,
                rs -> List.of(rs.getString(1), rs.getString(2)),
                shape.name())
            .get(0);
    return all.table(name.get(0), name.get(1)).orElse(null);
  }

  /** What they do not say. */
  List<String> warnings() {
    return List.copyOf(warnings);
  }
}
