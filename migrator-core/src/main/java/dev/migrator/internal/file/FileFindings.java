package dev.migrator.internal.file;

import dev.migrator.internal.sql.MalformedSqlException;
import dev.migrator.internal.sql.Statements;
import dev.migrator.operation.SqlFile;
import dev.migrator.operation.SqlFile.Statement;
import dev.migrator.operation.SqlText;
import java.io.Reader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the text of a file shows and its effect does not: it works, and may hurt. Advice for people,
 * by a light reading of the first words; nothing is decided by it.
 */
public final class FileFindings {

  private static final Pattern TABLE =
      Pattern.compile(
          "\\bTABLE\\s+(?:IF\\s+(?:NOT\\s+)?EXISTS\\s+)?(?:ONLY\\s+)?([\\w.\"$]+)",
          Pattern.CASE_INSENSITIVE);

  /** In characters: what is longer has rows in it, which take long to read for nothing. */
  private static final int LONGEST = 1 << 16;

  private final SqlFile file;

  private final List<String> findings = new ArrayList<>();

  private final Set<String> made = new HashSet<>();

  private final Set<String> altered = new HashSet<>();

  private boolean notValid;

  private FileFindings(SqlFile file) {
    this.file = file;
  }

  /** Reads a file. */
  public static List<String> of(SqlFile file) {
    FileFindings reader = new FileFindings(file);
    file.statements().forEach(reader::read);
    SqlText text = file.text();
    if (text != null) {
      text.read(reader.visitor());
    }
    return List.copyOf(reader.findings);
  }

  private SqlText.Visitor visitor() {
    return new SqlText.Visitor() {
      @Override
      public void statement(Statement statement) {
        if (statement.sql().length() <= LONGEST) {
          read(statement);
        }
      }

      @Override
      public void rows(Statement copy, Reader rows) {}
    };
  }

  /**
   * Whether nothing is beside it that undoes it. A repeatable one needs nothing, and neither does
   * one that was written for another tool.
   */
  public static boolean isWithoutDown(SqlFile file) {
    return file.down() == null && !file.repeatable() && !file.ofHistory();
  }

  private void read(Statement statement) {
    List<String> words = words(statement.sql());
    if (words.isEmpty()) {
      return;
    }
    String first = words.get(0);
    boolean table = words.size() > 2 && words.get(1).equals("TABLE");
    if (first.equals("CREATE") && words.contains("TABLE")) {
      made.add(name(statement.sql()));
    }
    if (words.contains("CASCADE") && first.equals("DROP")
        || (first.equals("ALTER")
            && words.contains("DROP")
            && words.get(words.size() - 1).equals("CASCADE"))) {
      add(
          statement,
          "CASCADE drops whatever depends on it, which may be something else in another database; name what is to be dropped");
    }
    if (file.inTransaction() && notValid && words.contains("VALIDATE")) {
      add(
          statement,
          "NOT VALID and VALIDATE in one transaction keep the lock while all rows are read; VALIDATE in a file of its own");
    }
    notValid |= consecutive(words, "NOT", "VALID");
    if (file.inTransaction()
        && table
        && first.equals("ALTER")
        && !made.contains(name(statement.sql()))) {
      altered.add(name(statement.sql()));
      if (altered.size() == 2) {
        add(
            statement,
            "the locks of two tables are kept together until the end, for which two transactions of the application can wait in a circle; use a file for each");
      }
    }
  }

  private void add(Statement statement, String what) {
    findings.add("%s, line %d: %s".formatted(file.path(), statement.line(), what));
  }

  private static List<String> words(String sql) {
    try {
      return Statements.place(sql).get(0).words();
    } catch (MalformedSqlException ex) {
      return List.of();
    }
  }

  private static String name(String sql) {
    Matcher matcher = TABLE.matcher(sql);
    return matcher.find() ? matcher.group(1).toLowerCase(Locale.ROOT) : "";
  }

  private static boolean consecutive(List<String> words, String one, String other) {
    for (int i = 0; i + 1 < words.size(); i++) {
      if (words.get(i).equals(one) && words.get(i + 1).equals(other)) {
        return true;
      }
    }
    return false;
  }
}
