package dev.migrator.test.rehearsal;

import dev.migrator.test.rehearsal.TableShape.Column;
import org.jspecify.annotations.Nullable;

/** Values of columns as SQL expressions of {@code i}, the number of the row. */
final class ColumnValues {

  private ColumnValues() {}

  /**
   * A value for a table that has no rows to learn from.
   *
   * @return {@code null} if nobody knows what one looks like
   */
  static @Nullable String made(Column column, boolean distinct) {
    String value =
        switch (column.category()) {
          case "E" -> distinct ? null : enumValue(column);
          case "A" -> distinct ? null : "'{}'";
          case "R" -> distinct ? null : "'empty'";
          default -> ofType(column, distinct);
        };
    return (value == null) ? null : "(%s)::%s".formatted(value, column.type());
  }

  private static String enumValue(Column column) {
    return "(enum_range(NULL::%1$s))[1 + i %% cardinality(enum_range(NULL::%1$s))]"
        .formatted(column.type());
  }

  private static @Nullable String ofType(Column column, boolean distinct) {
    return switch (column.base()) {
      case "int2" -> "1 + i % 32767";
      case "int4" -> "1 + i % 2147483647";
      case "int8" -> "1 + i";
      case "numeric" -> numeric(column);
      case "float4", "float8" -> "i + 0.5";
      case "money" -> "i % 1000000";
      case "bool" -> distinct ? null : "i % 2 = 0";
      case "text", "varchar", "bpchar", "citext", "name" -> text(column);
      case "uuid" -> "md5('" + "r' || i)";
      case "date" ->
          distinct
              ? "date '2000-01-01' + (i % 2000000)::int"
              : "date '2026-01-01' - (i % 3650)::int";
      case "timestamp", "timestamptz" ->
          "timestamptz '2026-01-01 00:00Z' - i * interval '1 minute'";
      case "time", "timetz" -> "time '00:00' + (i % 86400) * interval '1 second'";
      case "interval" -> "i * interval '1 second'";
      case "json" -> distinct ? null : "json_build_object('n', i)";
      case "jsonb" -> "jsonb_build_object('n', i)";
      case "bytea" -> "decode(md5(i::text), 'hex')";
      case "inet", "cidr" -> "inet '10.0.0.0' + i % 16777216";
      case "macaddr" -> "lpad(to_hex(i), 12, '0')";
      case "xml" -> distinct ? null : "'<n>' || i || '</n>'";
      case "tsvector" -> distinct ? null : "to_tsvector('simple', 'word' || i)";
      default -> null;
    };
  }

  /** The catalog has precision and scale in one number, behind a header of four. */
  private static String numeric(Column column) {
    if (column.length() < 4) {
      return "1 + i";
    }
    int precision = (column.length() - 4) >> 16;
    int scale = (column.length() - 4) & 0x7ff;
    return "(1 + i) %% 1e%d".formatted(Math.max(0, Math.min(18, precision - scale)));
  }

  /** What differs is at the end, so that it stays where the length is limited. */
  private static String text(Column column) {
    String value = "%s || i".formatted(Sql.literal(column.name() + " "));
    int limit = limit(column);
    return (limit > 0) ? "right(%s, %d)".formatted(value, limit) : value;
  }

  private static int limit(Column column) {
    boolean limited = column.base().equals("varchar") || column.base().equals("bpchar");
    return (limited && column.length() > 4) ? column.length() - 4 : 0;
  }

  /**
   * The value of another row, made different.
   *
   * @param value the value of that row
   * @param most an expression for the largest value that is there
   * @return {@code null} if nobody knows how
   */
  static @Nullable String varied(Column column, String value, String most) {
    String varied =
        switch (column.base()) {
          case "int2", "int4", "int8", "numeric", "float4", "float8" -> most + " + 1 + n";
          case "text", "varchar", "bpchar", "citext", "name" -> variedText(column, value);
          case "date" -> most + " + 1 + n::int";
          case "timestamp", "timestamptz", "time", "timetz", "interval" ->
              most + " + (1 + n) * interval '1 microsecond'";
          default -> made(column, true);
        };
    return (varied == null)
        ? null
        : "CASE WHEN %s IS NULL THEN NULL ELSE (%s)::%s END"
            .formatted(value, varied, column.type());
  }

  /** Whether a further value is counted on from the largest one. */
  static boolean isCounted(Column column) {
    return "ND".contains(column.category()) || column.category().equals("T");
  }

  /** In front, so that what an address or a path ends with stays. */
  private static String variedText(Column column, String value) {
    int limit = limit(column);
    String rest = "right(%s::text, greatest(0, %d - length(i || '-')))".formatted(value, limit);
    return "i || '-' || " + ((limit > 0) ? rest : value);
  }
}
