package dev.migrator.check.internal.effect;

import dev.migrator.check.internal.effect.Effect.Failure;
import dev.migrator.check.internal.read.Parsed;
import dev.migrator.check.internal.read.StatementKind;
import dev.migrator.check.internal.text.Piece;
import dev.migrator.internal.effect.Change;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Runs statements on a server, each in a transaction of its own, and reads there what it did. What
 * was there before is read by a second connection, which does not see what is not committed yet.
 */
public final class ServerTrial implements Trial {

  /** Of a statement that cannot run in a transaction. */
  private static final String NO_TRANSACTION = "25001";

  /** Of a block or a procedure that ends the transaction itself. */
  private static final String COMMITS = "2D000";

  private static final String UNSEEN = "it commits by itself, so what it changes was not looked at";

  private static final String CANCELED = "57014";

  private static final Pattern ROLE = Pattern.compile("role \"(.+)\" does not exist");

  private static final Set<String> UNDEFINED = Set.of("42704", "42883", "42P01", "3F000", "42P06");

  private static final int SECONDS = 20;

  private static final int MOMENT = 1000;

  private final Connection connection;

  private final Observer observer;

  private final boolean own;

  private final int version;

  private final String name;

  private boolean together = true;

  private boolean tellsPlans;

  private boolean lacksExtension;

  private boolean fixedRelease;

  /**
   * Connects.
   *
   * @param own whether the server is the check's own, in which it may make roles
   * @param production what running releases use, of the tables that are there
   */
  public ServerTrial(DataSource dataSource, boolean own, Predicate<String> production)
      throws SQLException {
    this.own = own;
    this.connection = dataSource.getConnection();
    this.observer = new Observer(connection, dataSource.getConnection(), production);
    this.tellsPlans = loaded(Plans.LOAD);
    this.version = connection.getMetaData().getDatabaseMajorVersion();
    this.name = "PostgreSQL " + connection.getMetaData().getDatabaseProductVersion();
  }

  private boolean loaded(String sql) {
    try {
      run(sql);
      return true;
    } catch (SQLException ex) {
      return false;
    }
  }

  @Override
  public String server() {
    return name;
  }

  @Override
  public int version() {
    return version;
  }

  @Override
  public void beginRelease() {
    quietly(observer::know);
    fixedRelease = true;
  }

  @Override
  public void beginFile(boolean together) {
    this.together = together;
    quietly(
        () -> {
          String reset =
              "RESET ALL; SET statement_timeout = '%ds'; ".formatted(SECONDS) + Observer.FAST;
          tellsPlans = tellsPlans && loaded(reset + "; " + Plans.SETTINGS);
          if (!tellsPlans) {
            run(reset);
          }
          if (!fixedRelease) {
            observer.know();
          }
        });
  }

  @Override
  public Effect attempt(Piece piece, Parsed parsed, boolean judged) {
    if (parsed.kind() == StatementKind.TRANSACTION) {
      return Effect.nothing(true);
    }
    try {
      // Who only brings rows changes no table; a query may bring all of another one.
      boolean watched = judged && (!parsed.kind().bringsRows() || parsed.has(Parsed.Mark.QUERY));
      return watched ? inTransaction(piece, parsed) : silently(piece, parsed);
    } catch (SQLException ex) {
      throw new IllegalStateException("the check could not go on: " + ex.getMessage(), ex);
    }
  }

  /** Of files that have run already nothing has to be known but what they leave behind. */
  private Effect silently(Piece piece, Parsed parsed) throws SQLException {
    try {
      run(piece.sql());
      return Effect.nothing(true);
    } catch (SQLException ex) {
      return madeRole(ex) ? silently(piece, parsed) : failed(ex);
    }
  }

  private Effect inTransaction(Piece piece, Parsed parsed) throws SQLException {
    connection.setAutoCommit(false);
    try {
      boolean itself = parsed.kind().changesRows();
      List<Rows> rows = itself ? aside(it -> Plans.of(it, piece.sql())) : null;
      boolean others = tellsPlans && parsed.kind().callsOthers();
      String positions = others ? Positions.read(connection) : "";
      observer.before(parsed);
      run(piece.sql());
      Observer.Seen seen = observer.after(parsed);
      boolean elsewhere = seen.changesRows() && parsed.kind().callsOthers();
      if (elsewhere && tellsPlans) {
        connection.rollback();
        rows = aside(it -> told(it, piece));
        run(positions);
        run(piece.sql());
      }
      connection.commit();
      return new Effect(
          true,
          seen.touched(),
          seen.changes(),
          (rows == null) ? null : observer.known(rows),
          null,
          elsewhere && rows == null ? "it changes rows, and how many could not be found out" : null,
          true);
    } catch (SQLException ex) {
      connection.rollback();
      connection.setAutoCommit(true);
      if (NO_TRANSACTION.equals(ex.getSQLState())) {
        return outside(piece, parsed);
      }
      if (COMMITS.equals(ex.getSQLState()) && !together) {
        Effect effect = silently(piece, parsed);
        return effect.failure() == null ? Effect.unknown(true, UNSEEN) : effect;
      }
      return madeRole(ex) ? inTransaction(piece, parsed) : failed(ex);
    } finally {
      connection.setAutoCommit(true);
    }
  }

  /** Looks at plans, and leaves nothing behind; {@code null} if that fails. */
  private @Nullable List<Rows> aside(Look look) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(Plans.EACH);
      return look.at(statement);
    } catch (SQLException ex) {
      return null;
    } finally {
      connection.rollback();
    }
  }

  /**
   * What a function or a block does, its own statements tell. It may have a great many, so it is
   * run for a moment only.
   */
  private static List<Rows> told(Statement statement, Piece piece) throws SQLException {
    statement.execute("SET LOCAL statement_timeout = '%dms'".formatted(MOMENT));
    statement.execute(Plans.TELL);
    statement.execute(piece.sql());
    return Plans.told(statement);
  }

  /** Its locks are gone when it is done: they are those that the server is known to take. */
  private Effect outside(Piece piece, Parsed parsed) throws SQLException {
    List<Touch> touched = observer.claimed(parsed, version);
    boolean same = parsed.kind() == StatementKind.VACUUM || parsed.table() == null;
    try {
      List<Change> changes = same ? List.of() : observer.compared(touched, () -> run(piece.sql()));
      if (same) {
        run(piece.sql());
      }
      return new Effect(false, touched, changes, null, null, null, true);
    } catch (SQLException ex) {
      return failed(ex);
    }
  }

  private void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }

  /**
   * Files grant to roles of production, which this server does not have; each error names one of
   * them.
   */
  private boolean madeRole(SQLException ex) throws SQLException {
    Matcher role = ROLE.matcher(String.valueOf(ex.getMessage()));
    if (!own || !role.find()) {
      return false;
    }
    try {
      run("CREATE ROLE \"" + role.group(1).replace("\"", "\"\"") + "\"");
      return true;
    } catch (SQLException again) {
      return false;
    }
  }

  private Effect failed(SQLException ex) {
    String state = String.valueOf(ex.getSQLState());
    ServerErrorMessage server =
        (ex instanceof PSQLException known) ? known.getServerErrorMessage() : null;
    String message = String.valueOf((server == null) ? ex.getMessage() : server.getMessage());
    if (message.startsWith("extension ") && message.endsWith("is not available")
        || state.equals("58P01")) {
      lacksExtension = true;
      return Effect.unknown(true, message + ", on the server that tried it");
    }
    if (lacksExtension && UNDEFINED.contains(state)) {
      return Effect.unknown(true, message + ", for which an extension may be missing here");
    }
    if (own && state.equals("42710") && message.startsWith("role ")) {
      return Effect.nothing(true); // Roles are those of the server, on which others have checked.
    }
    if (state.equals(CANCELED)) {
      return Effect.unknown(true, "it took longer than %d s".formatted(SECONDS));
    }
    return Effect.failed(new Failure(state, message, position(server)));
  }

  private static int position(@Nullable ServerErrorMessage server) {
    return (server == null) ? -1 : server.getPosition() - 1;
  }

  private static void quietly(Work work) {
    try {
      work.run();
    } catch (SQLException ex) {
      throw new IllegalStateException("the check could not go on: " + ex.getMessage(), ex);
    }
  }

  @Override
  public void close() {
    quietly(
        () -> {
          observer.close();
          connection.close();
        });
  }

  /** What is asked of plans. */
  private interface Look {

    List<Rows> at(Statement statement) throws SQLException;
  }

  /** Something on the server. */
  interface Work {

    void run() throws SQLException;
  }
}
