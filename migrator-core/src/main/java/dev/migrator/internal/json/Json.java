package dev.migrator.internal.json;

import dev.migrator.error.ErrorCode;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The one codec of the journal. It is of its own and not the application's: what is written must be
 * readable by the next version of this library, whatever the application configures.
 *
 * <p>Unknown properties are ignored, so that a version of the library reads what the next one adds.
 * Missing ones are {@code false}, zero or {@code null}, so that it reads what the previous one
 * wrote.
 */
public final class Json {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();

  private Json() {}

  /** Writes a value as JSON, for a parameter that is cast to {@code jsonb}. */
  public static String write(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /**
   * To be called before a transaction that writes such a value. The first time loads hundreds of
   * classes, which may take seconds on a host that is short of processors: the transaction would
   * hold its locks meanwhile, and be ended as idle.
   */
  public static void prepare(Object value) {
    write(value);
  }

  /**
   * Reads a value.
   *
   * @throws IllegalStateException if the text is not what {@link #write} gives for that type
   */
  public static <T> T read(String json, Class<T> type) {
    try {
      return MAPPER.readValue(json, type);
    } catch (JacksonException ex) {
      throw unreadable(type.getSimpleName(), ex);
    }
  }

  /** The same for a type with parameters, such as a list. */
  public static <T> T read(String json, TypeReference<T> type) {
    try {
      return MAPPER.readValue(json, type);
    } catch (JacksonException ex) {
      throw unreadable(type.getType().getTypeName(), ex);
    }
  }

  /** The same for a list. */
  public static <T> List<T> readList(String json, Class<T> element) {
    try {
      return MAPPER.readerForListOf(element).readValue(json);
    } catch (JacksonException ex) {
      throw unreadable("list of " + element.getSimpleName(), ex);
    }
  }

  /** The same for values by their name. */
  public static <T> Map<String, T> readMap(String json, Class<T> value) {
    try {
      return MAPPER.readerForMapOf(value).readValue(json);
    } catch (JacksonException ex) {
      throw unreadable("map of " + value.getSimpleName(), ex);
    }
  }

  private static IllegalStateException unreadable(String type, JacksonException cause) {
    return new IllegalStateException(
        "%s: the journal has something that is no %s; it was changed by hand, or by a version of this library that is not compatible"
            .formatted(ErrorCode.JOURNAL_UNREADABLE, type),
        cause);
  }
}
