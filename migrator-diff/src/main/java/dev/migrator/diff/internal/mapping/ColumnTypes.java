package dev.migrator.diff.internal.mapping;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/** The type of a column for values of a class, where a mapping says none. */
final class ColumnTypes {

  private static final Map<Class<?>, String> TYPES =
      Map.ofEntries(
          Map.entry(Boolean.class, "boolean"),
          Map.entry(Byte.class, "smallint"),
          Map.entry(Short.class, "smallint"),
          Map.entry(Integer.class, "integer"),
          Map.entry(Long.class, "bigint"),
          Map.entry(Float.class, "real"),
          Map.entry(Double.class, "double precision"),
          Map.entry(BigDecimal.class, "numeric"),
          Map.entry(BigInteger.class, "numeric"),
          Map.entry(UUID.class, "uuid"),
          Map.entry(byte[].class, "bytea"),
          Map.entry(LocalDate.class, "date"),
          Map.entry(LocalTime.class, "time"),
          Map.entry(LocalDateTime.class, "timestamp"),
          Map.entry(java.util.Date.class, "timestamp"),
          Map.entry(java.sql.Timestamp.class, "timestamp"),
          Map.entry(Instant.class, "timestamptz"),
          Map.entry(OffsetDateTime.class, "timestamptz"),
          Map.entry(ZonedDateTime.class, "timestamptz"));

  private ColumnTypes() {}

  static String of(@Nullable Class<?> type) {
    if (type == null) {
      return "text";
    }
    Class<?> boxed = ClassUtils.resolvePrimitiveIfNecessary(type);
    String known = TYPES.get(boxed);
    if (known == null && boxed.isArray()) {
      return of(boxed.getComponentType()) + "[]";
    }
    return (known == null) ? "text" : known;
  }

  static boolean isNumber(Class<?> type) {
    Class<?> boxed = ClassUtils.resolvePrimitiveIfNecessary(type);
    return boxed == Long.class || boxed == Integer.class;
  }
}
