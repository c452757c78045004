package dev.migrator.internal.adopt;

import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;

/**
 * A line of Flyway's history.
 *
 * @param rank its place
 * @param version {@code null} of a repeatable one
 * @param type such as {@code SQL}, {@code JDBC}, {@code BASELINE}, {@code DELETE}, {@code UNDO_SQL}
 * @param script the name of the file, with its folder below the location
 * @param checksum {@code null} if it has none
 */
record FlywayRow(
    int rank,
    @Nullable String version,
    String type,
    String script,
    @Nullable Integer checksum,
    String installedBy,
    @Nullable LocalDateTime installedOn,
    boolean success) {

  boolean isBaseline() {
    return type.endsWith("BASELINE");
  }

  /** Of a schema that Flyway made itself, and of what it says was removed. */
  boolean isNoFile() {
    return type.equals("SCHEMA") || type.equals("DELETE");
  }

  boolean undoes() {
    return type.startsWith("UNDO");
  }

  /** For people. */
  String shown() {
    return ForeignTable.shown(script);
  }
}
