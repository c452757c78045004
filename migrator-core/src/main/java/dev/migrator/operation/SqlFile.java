package dev.migrator.operation;

import dev.migrator.Phase;
import dev.migrator.TableName;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A SQL file. See {@link dev.migrator.MigratorBuilder#sqlFiles}.
 *
 * @param path where it is, for people
 * @param checksum of what it means: white space, comments and the values of placeholders do not
 *     change it
 * @param statements what is run
 * @param down what undoes it; {@code null} if no file does
 * @param contract whether it waits until every release declares it, because it takes something away
 * @param longWork whether a statement may run for long that blocks neither reads nor writes
 * @param inTransaction whether all of it is one transaction; each statement is one otherwise
 * @param allowances what it may take away without waiting
 * @param repeatable whether it is run again when its content changes, as another migration
 * @param contains the migrations that a new database does not run, as it gets all they make by this
 *     one: a baseline
 * @param text the statements of a file that is too large to be kept; {@code null} if they are here
 */
public record SqlFile(
    String path,
    String checksum,
    List<Statement> statements,
    @Nullable List<Statement> down,
    boolean contract,
    boolean longWork,
    boolean inTransaction,
    List<Allowance> allowances,
    boolean repeatable,
    List<Contained> contains,
    @Nullable SqlText text)
    implements Operation {

  /** Copies the lists. */
  public SqlFile {
    statements = List.copyOf(statements);
    down = (down == null) ? null : List.copyOf(down);
    allowances = List.copyOf(allowances);
    contains = List.copyOf(contains);
  }

  /**
   * One that is no baseline, and not large.
   *
   * @param path where it is, for people
   * @param checksum of what it means
   * @param statements what is run
   * @param down what undoes it; {@code null} if no file does
   * @param contract whether it waits until every release declares it
   * @param longWork whether a statement may run for long that blocks neither reads nor writes
   * @param inTransaction whether all of it is one transaction
   * @param allowances what it may take away without waiting
   * @param repeatable whether it is run again when its content changes
   */
  public SqlFile(
      String path,
      String checksum,
      List<Statement> statements,
      @Nullable List<Statement> down,
      boolean contract,
      boolean longWork,
      boolean inTransaction,
      List<Allowance> allowances,
      boolean repeatable) {
    this(
        path,
        checksum,
        statements,
        down,
        contract,
        longWork,
        inTransaction,
        allowances,
        repeatable,
        List.of(),
        null);
  }

  @Override
  public @Nullable TableName table() {
    return null;
  }

  @Override
  public Phase last() {
    return contract ? Phase.CONTRACT : Phase.EXPAND;
  }

  /**
   * Whether it was written for another tool, whose history was taken over.
   *
   * @return whether it is so
   */
  public boolean ofHistory() {
    return allowances.stream().anyMatch(Allowance::coversHistory);
  }

  /** The path; what the file contains may be long. */
  @Override
  public String toString() {
    return "file " + path;
  }

  /**
   * A statement.
   *
   * @param line the line on which it begins, from 1
   * @param sql its text
   * @param outside whether it cannot run in a transaction
   * @param data the rows of a {@code COPY … FROM stdin}; {@code null} if there are none
   */
  public record Statement(int line, String sql, boolean outside, @Nullable String data) {

    /**
     * One without rows.
     *
     * @param line the line on which it begins, from 1
     * @param sql its text
     * @param outside whether it cannot run in a transaction
     */
    public Statement(int line, String sql, boolean outside) {
      this(line, sql, outside, null);
    }
  }

  /**
   * A migration whose whole effect a baseline has.
   *
   * @param id its id
   * @param phase its last phase
   */
  public record Contained(String id, Phase phase) {}

  /**
   * A kind of change that older releases can do with.
   *
   * @param rule the kind
   * @param reason why they can
   * @param until the last day on which this holds for a file that has not run
   */
  public record Allowance(String rule, String reason, LocalDate until) {

    private static final String HISTORY = "history";

    /**
     * Everything, for a file that was written for another tool and cannot say what it takes away:
     * on a database where that tool has never run, and among instances that all have the file.
     *
     * @return the allowance
     */
    public static Allowance ofHistory() {
      return new Allowance(HISTORY, "written for another tool", LocalDate.EPOCH);
    }

    /**
     * Whether it is {@link #ofHistory()}.
     *
     * @return whether it is so
     */
    public boolean coversHistory() {
      return rule.equals(HISTORY);
    }
  }
}
