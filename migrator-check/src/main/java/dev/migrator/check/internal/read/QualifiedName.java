package dev.migrator.check.internal.read;

import dev.migrator.internal.sql.Identifiers;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A name as a statement says it.
 *
 * @param schema {@code null} if the search path tells
 * @param name its last part, as the catalog has it
 * @param text as it stands in the statement
 */
public record QualifiedName(@Nullable String schema, String name, String text) {

  private static final Pattern PLAIN = Pattern.compile("[a-z_][a-z0-9_$]*");

  /** With a schema in every case, to compare by. */
  public String key() {
    return plain(schema == null ? "public" : schema) + "." + plain(name);
  }

  /** As SQL has to write it. */
  public static String plain(String name) {
    return PLAIN.matcher(name).matches() ? name : Identifiers.quote(name);
  }
}
