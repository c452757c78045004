package dev.migrator.check.internal.read;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a type says by its name alone. */
public final class Types {

  private static final Set<String> SERIAL =
      Set.of("serial", "bigserial", "smallserial", "serial2", "serial4", "serial8");

  private static final Set<String> BUILT_IN =
      Set.of(
          "smallint",
          "int2",
          "integer",
          "int",
          "int4",
          "bigint",
          "int8",
          "numeric",
          "decimal",
          "real",
          "float4",
          "double precision",
          "float8",
          "float",
          "money",
          "text",
          "varchar",
          "character varying",
          "char",
          "character",
          "bpchar",
          "name",
          "bytea",
          "boolean",
          "bool",
          "date",
          "time",
          "timestamp",
          "timestamptz",
          "timetz",
          "interval",
          "uuid",
          "json",
          "jsonb",
          "xml",
          "inet",
          "cidr",
          "macaddr",
          "macaddr8",
          "bit",
          "bit varying",
          "varbit",
          "point",
          "line",
          "lseg",
          "box",
          "path",
          "polygon",
          "circle",
          "tsvector",
          "tsquery",
          "oid",
          "int4range",
          "int8range",
          "numrange",
          "tsrange",
          "tstzrange",
          "daterange",
          "time with time zone",
          "time without time zone",
          "timestamp with time zone",
          "timestamp without time zone",
          "pg_lsn");

  private static final Pattern PARTS =
      Pattern.compile(
          "([a-z_ ]+?)\\s*(?:\\(\\s*(\\d{1,9})\\s*(?:,\\s*(-?\\d{1,9})\\s*)?\\))?([a-z ]*)");

  private Types() {}

  static boolean isSerial(String type) {
    return SERIAL.contains(type.toLowerCase(Locale.ROOT));
  }

  /** Whether it is one of the server's own, which have no constraints. */
  static boolean isBuiltIn(String type) {
    String plain = type.toLowerCase(Locale.ROOT).replaceAll("(\\s*\\[\\d*])+$", "");
    Matcher matcher = PARTS.matcher(plain);
    return matcher.matches()
        && BUILT_IN.contains((matcher.group(1) + matcher.group(4)).strip().replaceAll("\\s+", " "));
  }

  /** Whether a column of one type has rows that are right for the other one as they are. */
  public static @Nullable Boolean keepsRows(@Nullable String from, String to) {
    if (from == null || !isBuiltIn(from) || !isBuiltIn(to)) {
      return null;
    }
    String[] one = parts(from);
    String[] other = parts(to);
    boolean text = one[0].equals("text") || one[0].equals("varchar");
    if (text && (other[0].equals("text") || (other[0].equals("varchar") && other[1].isEmpty()))) {
      return true;
    }
    if (one[0].equals("varchar") && other[0].equals("varchar")) {
      return !one[1].isEmpty() && number(one[1]) <= number(other[1]);
    }
    if (one[0].equals("numeric") && other[0].equals("numeric")) {
      return other[1].isEmpty()
          || (one[2].equals(other[2]) && !one[1].isEmpty() && number(one[1]) <= number(other[1]));
    }
    if (one[0].equals(other[0]) && one[1].equals(other[1]) && one[2].equals(other[2])) {
      return true;
    }
    Set<String> integers = Set.of("int2", "int4", "int8");
    boolean amongIntegers = integers.contains(one[0]) && integers.contains(other[0]);
    return (amongIntegers || text) ? Boolean.FALSE : null;
  }

  private static int number(String digits) {
    return digits.isEmpty() ? Integer.MAX_VALUE : Integer.parseInt(digits);
  }

  private static String[] parts(String type) {
    Matcher matcher = PARTS.matcher(type.toLowerCase(Locale.ROOT).strip());
    if (!matcher.matches()) {
      return new String[] {type, "", ""};
    }
    String name = (matcher.group(1) + matcher.group(4)).strip().replaceAll("\\s+", " ");
    String canonical =
        switch (name) {
          case "character varying" -> "varchar";
          case "decimal" -> "numeric";
          case "integer", "int" -> "int4";
          case "bigint" -> "int8";
          case "smallint" -> "int2";
          default -> name;
        };
    String scale = matcher.group(3);
    boolean scaled = canonical.equals("numeric") && matcher.group(2) != null;
    return new String[] {
      canonical,
      matcher.group(2) == null ? "" : matcher.group(2),
      scale == null ? (scaled ? "0" : "") : scale
    };
  }
}
