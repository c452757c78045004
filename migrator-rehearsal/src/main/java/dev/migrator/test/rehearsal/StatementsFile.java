package dev.migrator.test.rehearsal;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The file of recorded statements. What begins a line says what it is: {@code #} a remark, {@code
 * (} the types of the parameters of the next statement, two spaces its text, {@code =} its values.
 */
final class StatementsFile {

  static final String HEAD = "# statements of an application, form 1";

  private static final String KEYS = " keys ";

  private StatementsFile() {}

  /** The same statements give the same text, in whatever order they came. */
  static String text(List<RecordedStatement> statements) {
    StringBuilder text = new StringBuilder(HEAD).append('\n');
    for (RecordedStatement it : new TreeSet<>(statements)) {
      text.append('(').append(String.join(", ", it.types())).append(')');
      if (!it.keys().isEmpty()) {
        text.append(KEYS).append(String.join(", ", it.keys()));
      }
      text.append('\n');
      it.sql().lines().forEach(line -> text.append("  ").append(line).append('\n'));
      if (!it.values().isEmpty()) {
        text.append(
            it.values().stream()
                .map(StatementsFile::escaped)
                .collect(Collectors.joining("\t", "=", "\n")));
      }
    }
    return text.toString();
  }

  /**
   * Reads what {@link #text} has written.
   *
   * @param name of the file, for messages
   */
  static List<RecordedStatement> read(String text, String name) {
    List<String> lines = text.lines().toList();
    if (lines.isEmpty() || !lines.get(0).equals(HEAD)) {
      throw new RehearsalException(
          "%s is no file of recorded statements, which begins with \"%s\"; record one by StatementRecorder.to(…)"
              .formatted(name, HEAD));
    }
    List<RecordedStatement> statements = new ArrayList<>();
    Block block = null;
    for (int i = 1; i < lines.size(); i++) {
      String line = lines.get(i);
      try {
        if (line.startsWith("(")) {
          add(block, statements);
          block = new Block(line);
        } else if (!line.startsWith("#") && !line.isBlank()) {
          if (block == null) {
            throw new IllegalArgumentException("the types of the parameters come first");
          }
          block.add(line);
        } else if (block != null && line.isBlank()) {
          block.add("  ");
        }
      } catch (IllegalArgumentException ex) {
        throw new RehearsalException(
            "%s, line %d: %s: %s".formatted(name, i + 1, ex.getMessage(), line), ex);
      }
    }
    add(block, statements);
    return statements;
  }

  private static void add(@Nullable Block block, List<RecordedStatement> to) {
    if (block != null) {
      to.add(block.statement());
    }
  }

  /** Of one statement. */
  private static final class Block {

    private final List<String> types;

    private final List<String> keys;

    private final StringBuilder sql = new StringBuilder();

    private final List<@Nullable String> values = new ArrayList<>();

    Block(String head) {
      int end = head.indexOf(')');
      if (end < 0) {
        throw new IllegalArgumentException("there is no )");
      }
      String rest = head.substring(end + 1);
      types = list(head.substring(1, end));
      keys = rest.startsWith(KEYS) ? list(rest.substring(KEYS.length())) : List.of();
    }

    private static List<String> list(String text) {
      return text.isBlank() ? List.of() : List.of(text.strip().split(",\\s*"));
    }

    void add(String line) {
      if (line.startsWith("  ")) {
        sql.append(line.substring(2)).append('\n');
      } else if (line.startsWith("=")) {
        for (String value : line.substring(1).split("\t", -1)) {
          values.add(read(value));
        }
        if (values.size() != types.size()) {
          throw new IllegalArgumentException(
              "%d values of %d parameters".formatted(values.size(), types.size()));
        }
      } else {
        throw new IllegalArgumentException("a line begins with #, (, = or two spaces");
      }
    }

    RecordedStatement statement() {
      return new RecordedStatement(sql.toString().strip(), keys, types, values);
    }
  }

  /** As COPY has it. */
  private static String escaped(@Nullable String value) {
    return (value == null)
        ? "\\N"
        : value
            .replace("\\", "\\\\")
            .replace("\t", "\\t")
            .replace("\n", "\\n")
            .replace("\r", "\\r");
  }

  private static @Nullable String read(String value) {
    if (value.equals("\\N")) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\\' && i + 1 < value.length()) {
        i++;
        c =
            switch (value.charAt(i)) {
              case 't' -> '\t';
              case 'n' -> '\n';
              case 'r' -> '\r';
              default -> value.charAt(i);
            };
      }
      text.append(c);
    }
    return text.toString();
  }
}
