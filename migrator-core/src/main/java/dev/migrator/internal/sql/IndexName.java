package dev.migrator.internal.sql;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An index.
 *
 * @param schema its schema, which is that of its table
 * @param name its name
 */
public record IndexName(String schema, String name) {

  private static final Pattern QUOTED =
      Pattern.compile("\"((?:[^\"]|\"\")*+)\"\\.\"((?:[^\"]|\"\")*+)\"");

  public String quoted() {
    return Identifiers.quote(schema, name);
  }

  /** Parses the result of {@link #quoted()}. */
  public static IndexName parse(String quoted) {
    Matcher matcher = QUOTED.matcher(quoted);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a qualified and quoted name: " + quoted);
    }
    return new IndexName(unquote(matcher.group(1)), unquote(matcher.group(2)));
  }

  private static String unquote(@Nullable String name) {
    return String.valueOf(name).replace("\"\"", "\"");
  }

  /** Renames it, which blocks no reader or writer. */
  public String rename(String other) {
    return "ALTER INDEX %s RENAME TO %s".formatted(quoted(), Identifiers.quote(other));
  }

  private static final String CONCURRENT_DROP = "DROP INDEX CONCURRENTLY IF EXISTS ";

  /** Drops it without blocking another session. Cannot run in a transaction. */
  public String drop() {
    return CONCURRENT_DROP + quoted();
  }

  /** Whether a statement is a result of {@link #drop()}. */
  public static boolean isConcurrentDrop(String sql) {
    return sql.startsWith(CONCURRENT_DROP);
  }

  /** The name in a result of {@link #drop()}, qualified and quoted. */
  public static String quotedIn(String drop) {
    return drop.substring(CONCURRENT_DROP.length());
  }
}
