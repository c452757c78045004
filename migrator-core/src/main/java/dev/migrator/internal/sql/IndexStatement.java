package dev.migrator.internal.sql;

import dev.migrator.internal.sql.SqlLexer.Kind;
import dev.migrator.internal.sql.SqlLexer.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a statement of the user's says that builds or drops an index beside the application: only
 * the catalog can tell later whether it was done, so its names have to be known.
 *
 * @param create whether it builds one
 * @param unique whether that one is unique
 * @param optional whether it may be there, or missing, already
 * @param name the name of the index, literally; {@code null} if the server is to choose one
 * @param of the table of one that is built, or the schema of one that is dropped, as it is written;
 *     {@code null} if the search path tells
 */
public record IndexStatement(
    boolean create, boolean unique, boolean optional, @Nullable String name, @Nullable String of) {

  /** Reads {@code CREATE INDEX CONCURRENTLY} and {@code DROP INDEX CONCURRENTLY}. */
  public static Optional<IndexStatement> of(String sql) {
    return new Reader(sql).read();
  }

  /** The name as it stands in SQL, found by the search path where that tells its schema. */
  public String quoted(@Nullable String schema) {
    String index = String.valueOf(name);
    return (schema == null) ? Identifiers.quote(index) : Identifiers.quote(schema, index);
  }

  /** Goes through the tokens of one statement. */
  private static final class Reader {

    private final String sql;

    private final List<Token> tokens;

    private int at;

    Reader(String sql) {
      this.sql = sql;
      this.tokens = SqlLexer.tokens(sql);
    }

    Optional<IndexStatement> read() {
      boolean create = take("CREATE");
      if (!create && !take("DROP")) {
        return Optional.empty();
      }
      boolean unique = create && take("UNIQUE");
      if (!take("INDEX") || !take("CONCURRENTLY")) {
        return Optional.empty();
      }
      boolean optional = take("IF");
      if (optional) {
        take("NOT");
        take("EXISTS");
      }
      return create ? created(unique, optional) : dropped(optional);
    }

    private Optional<IndexStatement> created(boolean unique, boolean optional) {
      List<String> name = take("ON") ? List.of() : names();
      if (!name.isEmpty() && !take("ON")) {
        return Optional.empty();
      }
      take("ONLY");
      int start = at;
      List<String> table = names();
      if (table.isEmpty()) {
        return Optional.empty();
      }
      String of = sql.substring(tokens.get(start).start(), tokens.get(at - 1).end());
      return Optional.of(
          new IndexStatement(true, unique, optional, name.isEmpty() ? null : name.get(0), of));
    }

    /** Only one can be dropped at a time. */
    private Optional<IndexStatement> dropped(boolean optional) {
      List<String> name = names();
      if (name.isEmpty()) {
        return Optional.empty();
      }
      String schema = (name.size() > 1) ? name.get(name.size() - 2) : null;
      return Optional.of(
          new IndexStatement(false, false, optional, name.get(name.size() - 1), schema));
    }

    /** A name and those before it, with points between them. */
    private List<String> names() {
      List<String> names = new ArrayList<>();
      do {
        String name = name();
        if (name == null) {
          return List.of();
        }
        names.add(name);
      } while (point());
      return names;
    }

    private @Nullable String name() {
      if (at >= tokens.size()) {
        return null;
      }
      Token token = tokens.get(at);
      String text = text(token);
      if (token.kind() == Kind.WORD) {
        at++;
        return text.toLowerCase(Locale.ROOT);
      }
      if (token.kind() == Kind.QUOTED_NAME && text.startsWith("\"")) {
        at++;
        return text.substring(1, text.length() - 1).replace("\"\"", "\"");
      }
      return null;
    }

    private boolean point() {
      boolean point = at < tokens.size() && text(tokens.get(at)).equals(".");
      at += point ? 1 : 0;
      return point;
    }

    private boolean take(String word) {
      boolean found =
          at < tokens.size()
              && tokens.get(at).kind() == Kind.WORD
              && text(tokens.get(at)).equalsIgnoreCase(word);
      at += found ? 1 : 0;
      return found;
    }

    private String text(Token token) {
      return sql.substring(token.start(), token.end());
    }
  }
}
