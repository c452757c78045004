package dev.migrator.internal.sql;

import dev.migrator.internal.sql.SqlLexer.Kind;
import dev.migrator.internal.sql.SqlLexer.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names that a text contains, such as the body of a function: as the server reads them outside
 * of literals, and every word of a literal, which may be SQL that is put together. Comments do not
 * count.
 */
public final class Mentions {

  private static final Pattern WORD = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_$]*");

  private final String text;

  private final List<Mention> names;

  private Mentions(String text, List<Mention> names) {
    this.text = text;
    this.names = names;
  }

  /** Reads a text. One that is no SQL, as of another language, is taken word by word. */
  public static Mentions in(String text) {
    List<Mention> names = new ArrayList<>();
    try {
      for (Token token : SqlLexer.tokens(text)) {
        add(names, text, token);
      }
    } catch (MalformedSqlException ex) {
      names.clear();
      words(names, text, 0);
    }
    return new Mentions(text, List.copyOf(names));
  }

  private static void add(List<Mention> names, String text, Token token) {
    String part = text.substring(token.start(), token.end());
    if (token.kind() == Kind.WORD) {
      names.add(new Mention(part.toLowerCase(Locale.ROOT), token.start()));
    } else if (token.kind() == Kind.QUOTED_NAME) {
      String name = part.substring(part.indexOf('"') + 1, part.length() - 1).replace("\"\"", "\"");
      names.add(new Mention(name, token.start()));
    } else if (token.kind() == Kind.LITERAL) {
      words(names, part, token.start());
    }
  }

  private static void words(List<Mention> names, String text, int offset) {
    Matcher matcher = WORD.matcher(text);
    while (matcher.find()) {
      names.add(new Mention(matcher.group(), offset + matcher.start()));
      names.add(new Mention(matcher.group().toLowerCase(Locale.ROOT), offset + matcher.start()));
    }
  }

  public boolean contain(String name) {
    return names.stream().anyMatch(it -> it.name.equals(name));
  }

  /** The line of the first place that a name stands at, counted from 1. */
  public OptionalInt line(String name) {
    return names.stream()
        .filter(it -> it.name.equals(name))
        .mapToInt(it -> 1 + (int) text.substring(0, it.at).chars().filter(c -> c == '\n').count())
        .findFirst();
  }

  private record Mention(String name, int at) {}
}
