package dev.migrator.internal.file;

import dev.migrator.internal.sql.Digest;
import dev.migrator.internal.sql.IndexStatement;
import dev.migrator.internal.sql.MalformedSqlException;
import dev.migrator.internal.sql.Statements;
import dev.migrator.internal.sql.Statements.Placed;
import dev.migrator.operation.SqlFile.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The statements of a file. */
final class FileStatements {

  /** So many of a sum are kept. */
  static final int BYTES = 16;

  private static final Pattern META = Pattern.compile("(?m)^[ \\t]*\\\\([A-Za-z!?]\\S*)");

  /** What stands for a file that does nothing, which still has run or has not. */
  private static final Statement NOTHING = new Statement(1, "SELECT 1", false);

  private FileStatements() {}

  /**
   * Splits a text.
   *
   * @param mayRemove whether it may take something away
   * @param foreign whether it was written for another tool: it may be empty, and what it sets for
   *     the session is set for its transaction
   * @throws FileProblem if a statement is none, or none that can be run
   */
  static List<Statement> of(String path, String text, boolean mayRemove, boolean foreign) {
    List<Statement> statements = new ArrayList<>();
    int line = 1;
    int counted = 0;
    if (foreign && isEmpty(text)) {
      return List.of(NOTHING);
    }
    for (Placed placed : placed(path, text, foreign)) {
      line += FileText.line(text.substring(counted, placed.start()), Integer.MAX_VALUE) - 1;
      counted = placed.start();
      if (placed.copiesIn() && placed.data() == null) {
        throw withoutRows(path, line);
      }
      String sql = checked(path, line, placed, mayRemove, foreign);
      if (sql != null) {
        statements.add(new Statement(line, sql, placed.outside(), placed.data()));
      }
    }
    return statements.isEmpty() ? List.of(NOTHING) : statements;
  }

  static FileProblem withoutRows(String path, int line) {
    return new FileProblem(
        path, line, "COPY … FROM stdin has no rows: they stand behind it, up to a line with \\.");
  }

  /**
   * What is run of a statement; {@code null} if nothing is.
   *
   * @throws FileProblem if it cannot be run
   */
  static @Nullable String checked(
      String path, int line, Placed placed, boolean mayRemove, boolean foreign) {
    if (placed.sql().startsWith("\\")) {
      throw metaCommand(path, line, placed.sql().split("\\s", 2)[0]);
    }
    if (placed.outside()) {
      checkOutside(path, line, placed, mayRemove);
    }
    return foreign ? Statements.forTransaction(placed) : placed.sql();
  }

  private static boolean isEmpty(String text) {
    try {
      return Statements.canonical(text).replace(";", "").isBlank();
    } catch (MalformedSqlException ex) {
      return false;
    }
  }

  private static List<Placed> placed(String path, String text, boolean foreign) {
    Matcher meta = META.matcher(text);
    try {
      return Statements.place(text, foreign);
    } catch (MalformedSqlException ex) {
      int line = FileText.line(text, Math.max(0, ex.at()));
      if (meta.find() && FileText.line(text, meta.start(1)) <= line) {
        throw metaCommand(path, FileText.line(text, meta.start(1)), "\\" + meta.group(1));
      }
      if (ex.at() < 0) {
        throw new FileProblem(path, String.valueOf(ex.getMessage()));
      }
      throw new FileProblem(path, line, String.valueOf(ex.getMessage()));
    }
  }

  private static FileProblem metaCommand(String path, int line, String command) {
    return new FileProblem(
        path,
        line,
        "%s is a command of psql, which the server does not know; remove it, or write SQL instead"
            .formatted(command));
  }

  /**
   * What runs outside of a transaction cannot be judged by its effect before it stays, so its text
   * has to tell.
   */
  private static void checkOutside(String path, int line, Placed placed, boolean mayRemove) {
    List<String> words = placed.words();
    String first = words.get(0);
    boolean blocks =
        (first.equals("VACUUM") && words.contains("FULL"))
            || (first.equals("REINDEX") && !words.contains("CONCURRENTLY"));
    if (blocks) {
      throw new FileProblem(
          path,
          line,
          "%s keeps reads and writes waiting for as long as it takes; %s"
              .formatted(
                  first.equals("VACUUM") ? "VACUUM FULL" : "REINDEX without CONCURRENTLY",
                  first.equals("VACUUM")
                      ? "a plain VACUUM frees the space for new rows, and pg_repack makes a table smaller beside the application"
                      : "use REINDEX … CONCURRENTLY"));
    }
    boolean index = words.contains("INDEX") && words.contains("CONCURRENTLY");
    boolean named =
        IndexStatement.of(placed.sql()).filter(it -> it.name() != null).isPresent()
            || first.equals("REINDEX");
    if (index && !named) {
      throw new FileProblem(
          path, line, "the index has no name; give it one, by which it is found after a failure");
    }
    boolean unique = first.equals("CREATE") && words.contains("UNIQUE");
    boolean removes = first.equals("DROP") || words.contains("DETACH") || unique;
    if (removes && !mayRemove) {
      throw new FileProblem(
          path,
          line,
          "it takes away what a release that runs may use, or refuses what one may write, so it has to wait for all of them; say so by \"-- migrator: contract\" in the first line, or use %s, which does it in phases"
              .formatted(unique ? "addUnique(…)" : "an operation such as dropIndex(…)"));
    }
  }

  /** What a text means, whatever its white space and comments, and the values of placeholders. */
  static String checksum(String text) {
    String canonical;
    try {
      List<int[]> rows = Statements.rows(text);
      canonical =
          rows.isEmpty()
              ? Statements.canonical(text).replaceFirst("( ;)+$", "")
              : withRows(text, rows);
    } catch (MalformedSqlException ex) {
      // Only with the value of a placeholder it is SQL.
      canonical = text.replace("\r\n", "\n").strip();
    }
    return Digest.of(canonical, BYTES);
  }

  /** White space counts in rows. */
  private static String withRows(String text, List<int[]> rows) {
    StringBuilder canonical = new StringBuilder();
    int from = 0;
    for (int[] block : rows) {
      canonical.append(Statements.canonical(text.substring(from, block[0]))).append('\n');
      canonical.append(text, block[0], block[1]);
      int end = text.indexOf('\n', block[1]);
      from = end < 0 ? text.length() : end;
    }
    return canonical.append(Statements.canonical(text.substring(from))).toString();
  }
}
