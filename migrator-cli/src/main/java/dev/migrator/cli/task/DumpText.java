package dev.migrator.cli.task;

import dev.migrator.internal.sql.MalformedSqlException;
import dev.migrator.internal.sql.Statements;
import dev.migrator.internal.sql.Statements.Placed;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The statements of a dump that a SQL file may have. */
final class DumpText {

  /** Commands of psql that keep its other commands out, in dumps of later versions. */
  private static final Pattern RESTRICT =
      Pattern.compile("(?m)^\\\\(?:un)?restrict [A-Za-z0-9]+\\r?$");

  /** What counts for the statements behind it; all else is for the session that loads the dump. */
  private static final Set<String> KEPT =
      Set.of(
          "CHECK_FUNCTION_BODIES",
          "DEFAULT_TABLESPACE",
          "DEFAULT_TABLE_ACCESS_METHOD",
          "XMLOPTION");

  private static final Pattern SEARCH_PATH =
      Pattern.compile("SELECT pg_catalog\\.set_config\\('search_path', '', false\\)");

  private DumpText() {}

  /**
   * Takes what a file may have.
   *
   * @param dump as {@code pg_dump} writes it, as plain text
   * @throws TaskException if something else is in it
   */
  static String statements(String dump) {
    String sql = RESTRICT.matcher(dump).replaceAll("");
    try {
      return Statements.place(sql, true).stream()
          .map(DumpText::statement)
          .filter(it -> it != null)
          .collect(Collectors.joining("\n\n", "", "\n"));
    } catch (MalformedSqlException ex) {
      throw new TaskException(
          "the dump has what a SQL file cannot have: %s (line %d)"
              .formatted(ex.getMessage(), sql.substring(0, Math.max(0, ex.at())).lines().count()));
    }
  }

  private static @Nullable String statement(Placed placed) {
    List<String> words = placed.words();
    if (SEARCH_PATH.matcher(placed.sql()).matches()) {
      return "SET LOCAL search_path = '';";
    }
    if (words.get(0).equals("SET") && (words.size() < 2 || !KEPT.contains(words.get(1)))) {
      return null;
    }
    String sql = Statements.forTransaction(placed);
    if (sql == null) {
      return null;
    }
    return placed.data() == null ? sql + ";" : sql + ";\n" + placed.data() + "\\.";
  }
}
