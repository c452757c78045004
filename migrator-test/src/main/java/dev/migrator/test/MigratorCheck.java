package dev.migrator.test;

import dev.migrator.test.CheckFinding.Rule;
import dev.migrator.test.CheckedStatement.Lock;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Tries SQL files on a database of the test's own, and says what each statement really did there:
 * which locks it took, which tables it wrote anew or read under them, and what of the schema it
 * took away. Nothing is guessed from the text.
 *
 * <pre>{@code
 * try (TestDatabase database = TestPostgres.newDatabase()) {
 *   List<CheckedStatement> checked =
 *       MigratorCheck.on(database)
 *           .before(Path.of("src/main/resources/db/migrator/20260101_shop.sql"))
 *           .check(Path.of("src/main/resources/db/migrator/20260102_orders.sql"));
 *   assertThat(checked).flatExtracting(CheckedStatement::findings).isEmpty();
 * }
 * }</pre>
 *
 * <p>The files run one after the other, each statement in a transaction of its own, so that the
 * locks are those of that statement. One that cannot run in a transaction runs without, and its
 * locks are not read. What a statement does to a table that a file behind {@link #before} has made
 * itself is no finding: nobody uses that table yet.
 */
public final class MigratorCheck {

  private final TestDatabase database;

  private final List<Path> before = new ArrayList<>();

  private MigratorCheck(TestDatabase database) {
    this.database = database;
  }

  /**
   * Checks on a database, which is changed.
   *
   * @param database empty, or with the schema that production has
   */
  public static MigratorCheck on(TestDatabase database) {
    return new MigratorCheck(database);
  }

  /**
   * Files that have run in production already: they make the schema, and are not checked.
   *
   * @return this
   */
  public MigratorCheck before(Path... files) {
    before.addAll(List.of(files));
    return this;
  }

  /**
   * Tries files in their order. A file whose statement fails goes on with the next statement.
   *
   * @return every statement, in the order in which they ran
   * @throws IllegalStateException if a file that runs before fails
   */
  public List<CheckedStatement> check(Path... files) {
    try (Connection connection = database.dataSource().getConnection()) {
      for (Path file : before) {
        run(connection, file);
      }
      SchemaImage known = SchemaImage.of(connection);
      List<CheckedStatement> checked = new ArrayList<>();
      for (Path file : files) {
        for (SqlText.Placed placed : SqlText.of(file)) {
          checked.add(attempt(connection, file.toString(), placed, known));
        }
      }
      return List.copyOf(checked);
    } catch (SQLException ex) {
      throw new IllegalStateException("the check could not run: " + ex.getMessage(), ex);
    }
  }

  private static void run(Connection connection, Path file) {
    try (Statement statement = connection.createStatement()) {
      for (SqlText.Placed placed : SqlText.of(file)) {
        statement.execute(placed.sql());
      }
    } catch (SQLException ex) {
      throw new IllegalStateException(file + " cannot run: " + ex.getMessage(), ex);
    }
  }

  private static CheckedStatement attempt(
      Connection connection, String file, SqlText.Placed placed, SchemaImage known)
      throws SQLException {
    SchemaImage earlier = SchemaImage.of(connection);
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      // How the server says that it reads or writes a whole table.
      statement.execute("SET LOCAL lc_messages = 'C'; SET LOCAL client_min_messages = 'debug1'");
      statement.clearWarnings();
      statement.execute(placed.sql());
      ServerNotices notices = ServerNotices.of(statement.getWarnings());
      statement.execute("SET LOCAL client_min_messages = 'notice'");
      List<Lock> locks = Lock.heldBy(connection);
      SchemaImage later = SchemaImage.of(connection);
      connection.commit();
      List<String> rewritten = earlier.rewrittenIn(later);
      return new CheckedStatement(
          file,
          placed.line(),
          placed.sql(),
          true,
          null,
          locks,
          rewritten,
          CheckRules.findings(known, earlier, later, locks, notices));
    } catch (SQLException ex) {
      connection.rollback();
      if (SqlText.NO_TRANSACTION.equals(ex.getSQLState())) {
        return outside(connection, file, placed, known, earlier);
      }
      return failed(file, placed, true, ex);
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private static CheckedStatement outside(
      Connection connection,
      String file,
      SqlText.Placed placed,
      SchemaImage known,
      SchemaImage earlier)
      throws SQLException {
    connection.setAutoCommit(true);
    try (Statement statement = connection.createStatement()) {
      statement.execute(placed.sql());
    } catch (SQLException ex) {
      return failed(file, placed, false, ex);
    }
    SchemaImage later = SchemaImage.of(connection);
    return new CheckedStatement(
        file,
        placed.line(),
        placed.sql(),
        false,
        null,
        List.of(),
        earlier.rewrittenIn(later),
        CheckRules.findings(known, earlier, later, List.of(), ServerNotices.NONE));
  }

  private static CheckedStatement failed(
      String file, SqlText.Placed placed, boolean inTransaction, SQLException ex) {
    return new CheckedStatement(
        file,
        placed.line(),
        placed.sql(),
        inTransaction,
        ex.getMessage(),
        List.of(),
        List.of(),
        List.of(
            new CheckFinding(
                Rule.FAILS, "the server refuses it: " + ex.getMessage(), "correct the statement")));
  }
}
