package dev.migrator.test.rehearsal;

import java.sql.Connection;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PGobject;

/**
 * Values for the parameters of a statement that has none: of each type one that a row is likely to
 * have, such as the number 1, and one that no row is likely to have.
 */
final class SampleValues {

  /** Of statements with more parameters not every single one is tried. */
  private static final int MOST_SINGLE = 20;

  private SampleValues() {}

  /**
   * What to try, in this order: what was recorded; all likely; all unlikely; each single one of the
   * other kind, as a new row has another key but refers to one that is there; no value at all.
   *
   * @param types those that the server has worked out
   */
  static List<List<@Nullable String>> of(
      Connection connection, RecordedStatement statement, List<String> types) throws SQLException {
    List<List<@Nullable String>> all = new ArrayList<>();
    if (!statement.values().isEmpty() || types.isEmpty()) {
      all.add(statement.values());
    }
    if (types.isEmpty()) {
      return all;
    }
    List<@Nullable String> likely = new ArrayList<>();
    List<@Nullable String> unlikely = new ArrayList<>();
    for (String type : types) {
      likely.add(value(connection, type, true));
      unlikely.add(value(connection, type, false));
    }
    all.add(likely);
    all.add(unlikely);
    for (int i = 0; i < types.size() && types.size() <= MOST_SINGLE; i++) {
      all.add(with(likely, i, unlikely.get(i)));
      all.add(with(unlikely, i, likely.get(i)));
    }
    all.add(Collections.nCopies(types.size(), null));
    return all;
  }

  private static List<@Nullable String> with(
      List<@Nullable String> values, int at, @Nullable String value) {
    List<@Nullable String> changed = new ArrayList<>(values);
    changed.set(at, value);
    return changed;
  }

  private static @Nullable String value(Connection connection, String type, boolean likely)
      throws SQLException {
    if (type.startsWith("_") || type.endsWith("[]")) {
      return "{}";
    }
    return switch (type) {
      case "int2" -> likely ? "1" : "32001";
      case "int4", "int8", "numeric", "float4", "float8", "oid" -> likely ? "1" : "2000000001";
      case "bool" -> likely ? "true" : "false";
      case "text", "varchar", "bpchar", "citext", "name" -> likely ? "x" : "~7";
      case "date", "timestamp", "timestamptz" -> likely ? "2026-01-01" : "2077-07-07";
      case "time", "timetz" -> likely ? "12:00" : "07:07";
      case "interval" -> likely ? "1 day" : "7 days";
      case "uuid" ->
          likely ? "00000000-0000-0000-0000-000000000001" : "77777777-7777-4777-8777-777777777777";
      case "json", "jsonb" -> likely ? "{}" : "{\"n\": 7}";
      case "bytea" -> likely ? "\\x01" : "\\x0707";
      case "inet", "cidr" -> likely ? "10.0.0.1" : "10.7.7.7";
      case "xml" -> "<n/>";
      default -> label(connection, type, likely);
    };
  }

  /** Of an enum. */
  private static @Nullable String label(Connection connection, String type, boolean first)
      throws SQLException {
    List<String> labels =
        Sql.list(
            connection,
            "SELECT enumlabel FROM pg_catalog.pg_enum WHERE enumtypid = pg_catalog.to_regtype(?) ORDER BY enumsortorder",
            rs -> rs.getString(1),
            type);
    return labels.isEmpty() ? null : labels.get(first ? 0 : labels.size() - 1);
  }

  /** The types of the parameters, of which the server works out those that the driver leaves. */
  static List<String> types(PreparedStatement prepared, RecordedStatement statement)
      throws SQLException {
    if (statement.types().isEmpty()) {
      return List.of();
    }
    bind(prepared, statement, Collections.nCopies(statement.types().size(), null));
    ParameterMetaData known = prepared.getParameterMetaData();
    List<String> types = new ArrayList<>();
    for (int i = 1; i <= known.getParameterCount(); i++) {
      types.add(known.getParameterTypeName(i));
    }
    return types;
  }

  /** Gives the parameters with the types that they were recorded with. */
  static void bind(
      PreparedStatement prepared, RecordedStatement statement, List<@Nullable String> values)
      throws SQLException {
    for (int i = 0; i < values.size(); i++) {
      String type = statement.types().get(i);
      String value = values.get(i);
      if (type.equals(RecordedStatement.UNKNOWN)) {
        if (value == null) {
          prepared.setNull(i + 1, Types.NULL);
        } else {
          prepared.setObject(i + 1, value, Types.OTHER);
        }
      } else if (value == null) {
        prepared.setNull(i + 1, Types.OTHER, type);
      } else {
        PGobject object = new PGobject();
        object.setType(type);
        object.setValue(value);
        prepared.setObject(i + 1, object);
      }
    }
  }
}
