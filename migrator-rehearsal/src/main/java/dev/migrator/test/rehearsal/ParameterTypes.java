package dev.migrator.test.rehearsal;

import static dev.migrator.test.rehearsal.RecordedStatement.UNKNOWN;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Array;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.SQLXML;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PGobject;

/** As which type the driver sends a parameter, by the method that gives it. */
final class ParameterTypes {

  private static final Map<Class<?>, String> OF_CLASSES =
      Map.ofEntries(
          Map.entry(Boolean.class, "bool"),
          Map.entry(Byte.class, "int2"),
          Map.entry(Short.class, "int2"),
          Map.entry(Integer.class, "int4"),
          Map.entry(Long.class, "int8"),
          Map.entry(Float.class, "float4"),
          Map.entry(Double.class, "float8"),
          Map.entry(BigDecimal.class, "numeric"),
          Map.entry(BigInteger.class, "numeric"),
          Map.entry(byte[].class, "bytea"),
          Map.entry(UUID.class, "uuid"),
          Map.entry(LocalDate.class, "date"),
          Map.entry(LocalTime.class, "time"),
          Map.entry(LocalDateTime.class, "timestamp"),
          Map.entry(OffsetTime.class, "timetz"),
          Map.entry(OffsetDateTime.class, "timestamptz"));

  private static final Map<Integer, String> OF_JDBC_TYPES =
      Map.ofEntries(
          Map.entry(Types.BIT, "bool"),
          Map.entry(Types.BOOLEAN, "bool"),
          Map.entry(Types.TINYINT, "int2"),
          Map.entry(Types.SMALLINT, "int2"),
          Map.entry(Types.INTEGER, "int4"),
          Map.entry(Types.BIGINT, "int8"),
          Map.entry(Types.REAL, "float4"),
          Map.entry(Types.FLOAT, "float8"),
          Map.entry(Types.DOUBLE, "float8"),
          Map.entry(Types.NUMERIC, "numeric"),
          Map.entry(Types.DECIMAL, "numeric"),
          Map.entry(Types.BINARY, "bytea"),
          Map.entry(Types.VARBINARY, "bytea"),
          Map.entry(Types.LONGVARBINARY, "bytea"),
          Map.entry(Types.SQLXML, "xml"));

  /** What a string is sent as, which is a setting of the driver. */
  private final String text;

  ParameterTypes(boolean stringsAreVarchar) {
    this.text = stringsAreVarchar ? "varchar" : UNKNOWN;
  }

  /**
   * The type.
   *
   * @param setter the method of the statement
   * @param args its arguments: the number of the parameter, the value, and what else there is
   */
  String of(String setter, Object[] args) throws SQLException {
    Object value = args[1];
    return switch (setter) {
      case "setNull" ->
          (args.length > 2) ? String.valueOf(args[2]) : ofJdbcType((Integer) args[1], null);
      case "setObject" -> {
        Object type = (args.length > 2) ? args[2] : null;
        Integer number = (type instanceof SQLType it) ? it.getVendorTypeNumber() : (Integer) type;
        yield (number == null) ? ofValue(value) : ofJdbcType(number, value);
      }
      case "setString", "setNString", "setCharacterStream", "setNCharacterStream" -> text;
      case "setBytes", "setBinaryStream" -> "bytea";
      case "setBoolean", "setByte", "setShort", "setInt", "setLong", "setFloat", "setDouble" ->
          ofValue(value);
      case "setBigDecimal" -> "numeric";
      case "setArray", "setSQLXML" -> ofValue(value);
      // Dates and times of java.sql: the driver leaves to the server whether they have a zone.
      default -> UNKNOWN;
    };
  }

  private String ofJdbcType(int type, @Nullable Object value) throws SQLException {
    return switch (type) {
      case Types.CHAR, Types.VARCHAR, Types.LONGVARCHAR, Types.NVARCHAR, Types.NCHAR -> text;
      case Types.DATE, Types.TIME, Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE -> ofValue(value);
      case Types.OTHER, Types.ARRAY -> (value instanceof String) ? UNKNOWN : ofValue(value);
      default -> OF_JDBC_TYPES.getOrDefault(type, UNKNOWN);
    };
  }

  private String ofValue(@Nullable Object value) throws SQLException {
    if (value instanceof PGobject it) {
      return (it.getType() == null) ? UNKNOWN : it.getType();
    }
    if (value instanceof Array it) {
      return it.getBaseTypeName() + "[]";
    }
    if (value instanceof SQLXML) {
      return "xml";
    }
    if (value instanceof CharSequence || value instanceof Character) {
      return text;
    }
    return (value == null) ? UNKNOWN : OF_CLASSES.getOrDefault(value.getClass(), UNKNOWN);
  }
}
