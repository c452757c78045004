package dev.migrator.check.internal.effect;

import dev.migrator.check.internal.effect.Rows.Extent;
import dev.migrator.internal.json.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/**
 * What the server's own plans say of the rows that a statement changes: also those of queries that
 * it names, and of statements in functions. The planner has left out conditions that always hold.
 */
final class Plans {

  /** What makes the server tell its plans; refused to those who are no superuser. */
  static final String LOAD = "LOAD 'auto_explain'";

  static final String SETTINGS =
      """
      SET auto_explain.log_format = 'json'; SET auto_explain.log_verbose = on;
      SET auto_explain.log_level = 'info'; SET auto_explain.log_nested_statements = on\
      """;

  /** Each table by itself, so that conditions of one are not those of a join. */
  static final String EACH =
      """
      SET LOCAL enable_nestloop = off; SET LOCAL enable_indexscan = off; SET LOCAL enable_indexonlyscan = off;
      SET LOCAL enable_bitmapscan = off; SET LOCAL enable_tidscan = off\
      """;

  static final String TELL = "SET LOCAL auto_explain.log_min_duration = 0";

  private static final String EXPLAIN = "EXPLAIN (FORMAT JSON, VERBOSE, COSTS OFF) ";

  private static final TypeReference<List<Map<String, Object>>> LIST = new TypeReference<>() {};

  private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

  private Plans() {}

  /** That of one statement, which is not run. */
  static List<Rows> of(Statement statement, String sql) throws SQLException {
    try (ResultSet rs = statement.executeQuery(EXPLAIN + sql)) {
      rs.next();
      return Json.read(rs.getString(1), LIST).stream().flatMap(it -> rows(it).stream()).toList();
    }
  }

  /** Those that the server has told while a statement ran. */
  static List<Rows> told(Statement statement) throws SQLException {
    Set<Rows> found = new LinkedHashSet<>();
    for (SQLWarning it = statement.getWarnings(); it != null; it = it.getNextWarning()) {
      String message = String.valueOf(it.getMessage());
      int json = message.indexOf("plan:\n{");
      if (json >= 0 && message.contains("ModifyTable")) {
        found.addAll(rows(Json.read(message.substring(message.indexOf('{', json)), MAP)));
      }
    }
    return List.copyOf(found);
  }

  /** What is changed without a bound. Pure. */
  static List<Rows> rows(Map<String, Object> told) {
    List<Rows> found = new ArrayList<>();
    if (told.get("Plan") instanceof Map<?, ?> plan) {
      PlanNode whole = new PlanNode(plan);
      for (PlanNode it : whole.all()) {
        Rows rows = it.type().equals("ModifyTable") ? rows(it, whole) : null;
        if (rows != null) {
          found.add(rows);
        }
      }
    }
    return found;
  }

  private static @Nullable Rows rows(PlanNode node, PlanNode whole) {
    String table = node.table();
    if (table == null || node.inputs().isEmpty()) {
      return null;
    }
    boolean inserts = node.text("Operation").equals("Insert");
    Reach reach = Reach.of(node.inputs().get(0), whole, inserts ? null : node.text("Alias"));
    if (reach.table() == null) {
      return null;
    }
    if (inserts) {
      return new Rows(table, Extent.COPIED, reach.table());
    }
    boolean all =
        reach.extent() == Reach.Extent.ALL
            && (!node.text("Operation").equals("Merge") || reach.table().equals(table));
    return all ? new Rows(table, Extent.ALL, null) : new Rows(table, Extent.JOINED, reach.table());
  }
}
