package dev.migrator.internal.sql;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;

/** What the five-character error codes of the server mean to the engine. */
public final class SqlState {

  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private static final String DEADLOCK_DETECTED = "40P01";

  private static final String QUERY_CANCELED = "57014";

  private static final String SERIALIZATION_FAILURE = "40001";

  /** By code of the user's own. */
  private static final String RAISED = "P0001";

  private static final String INVALID_OBJECT_DEFINITION = "42P17";

  private static final Set<String> CREATED_BY_ANOTHER = Set.of("23505", "42P06", "42P07", "42710");

  /** A table; an index, which the server calls an object. */
  private static final Set<String> UNDEFINED = Set.of("42P01", "42704");

  /** Features, authorization, transactions, syntax and access, resources, states, operators. */
  private static final Set<String> NAMES_OBJECTS_ONLY =
      Set.of("08", "0A", "25", "28", "2B", "3F", "40", "42", "53", "54", "55", "57", "58");

  /**
   * Connection, features, authorization, transactions, names, rights and syntax, resources, states,
   * operators, files, the server itself. Of a statement that is planned and allowed, all others are
   * about a value, also those that a function of the user makes up.
   */
  private static final Set<String> NOT_ABOUT_A_VALUE =
      Set.of(
          "", "08", "0A", "25", "26", "28", "2B", "2D", "34", "3B", "3D", "3F", "40", "42", "53",
          "55", "57", "58", "72", "F0", "HV", "XX");

  private SqlState() {}

  /** The code of the first SQL error in the chain of causes; empty if there is none. */
  public static String of(@Nullable Throwable error) {
    SQLException sql = (error == null) ? null : first(error);
    return (sql == null) ? "" : sql.getSQLState();
  }

  /** Whether another session blocked it, so that a later attempt can succeed. */
  public static boolean isContention(Throwable error) {
    String state = of(error);
    return state.equals(LOCK_NOT_AVAILABLE) || state.equals(QUERY_CANCELED) || isRolledBack(error);
  }

  /** Whether the server rolled a statement back over what it met of others. */
  static boolean isRolledBack(Throwable error) {
    String state = of(error);
    return state.equals(DEADLOCK_DETECTED) || state.equals(SERIALIZATION_FAILURE);
  }

  /** Whether a lock was not granted within the limit for locks. */
  public static boolean isLocked(Throwable error) {
    return of(error).equals(LOCK_NOT_AVAILABLE);
  }

  /** Whether a named table or index does not exist. */
  public static boolean isUndefined(Throwable error) {
    return UNDEFINED.contains(of(error));
  }

  /** Whether code of the user's own raised it, and neither a conversion nor a constraint. */
  public static boolean isOfCode(Throwable error) {
    String state = of(error);
    return isData(error) && !state.startsWith("22") && !state.startsWith("23");
  }

  /** Whether a row is the cause: a value of it does not convert, or violates a constraint. */
  public static boolean isData(Throwable error) {
    String state = of(error);
    return !NOT_ABOUT_A_VALUE.contains(state.isEmpty() ? "" : state.substring(0, 2));
  }

  /** Whether the server does not know how to do it at this place. */
  public static boolean isNotSupported(Throwable error) {
    return of(error).equals("0A000");
  }

  /** Whether what was to be made is not allowed as it is defined, such as a mutable index. */
  public static boolean isInvalidDefinition(Throwable error) {
    return of(error).equals(INVALID_OBJECT_DEFINITION);
  }

  /** Whether rows violate a constraint. */
  public static boolean isViolation(Throwable error) {
    return of(error).startsWith("23");
  }

  /** Whether a statement took longer than it may. */
  public static boolean isTimeout(Throwable error) {
    return of(error).equals(QUERY_CANCELED);
  }

  /** Whether the connection, not the statement, is what failed. */
  public static boolean isConnectionLost(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      // A pool without a free connection has no code either.
      if (cause instanceof SQLTransientConnectionException
          || cause instanceof CannotCreateTransactionException
          || cause instanceof CannotGetJdbcConnectionException) {
        return true;
      }
      // Nor has a pool that closed a broken connection before the transaction could be rolled back.
      if (cause instanceof TransactionSystemException && of(cause).isEmpty()) {
        return true;
      }
    }
    String state = of(error);
    return state.startsWith("08") || state.startsWith("57P") || state.equals("25P03");
  }

  /** Whether another session created the same object first. */
  public static boolean isCreatedByAnother(Throwable error) {
    return CREATED_BY_ANOTHER.contains(of(error));
  }

  /** Whether a relation of that name existed already; not a duplicate value. */
  public static boolean isDuplicateTable(Throwable error) {
    return of(error).equals("42P07");
  }

  /**
   * The error of the database, safe for logs and endpoints: the code and, for errors whose messages
   * name objects and never values, the message.
   */
  public static String describe(Throwable error) {
    SQLException sql = first(error);
    if (sql == null) {
      return firstLine(error.getMessage());
    }
    return namesObjectsOnly(sql) && !ErrorOrigin.isOfCode(sql)
        ? withMessage(sql)
        : withoutMessage(sql);
  }

  /** The same of a statement that reads and writes no row: no message of it holds a value. */
  public static String describeOfStructure(Throwable error) {
    SQLException sql = first(error);
    if (sql == null) {
      return firstLine(error.getMessage());
    }
    boolean raised = RAISED.equals(sql.getSQLState()) || ErrorOrigin.isRaised(sql);
    return raised || namesObjectsOnly(sql) ? withMessage(sql) : withoutMessage(sql);
  }

  /**
   * What an error of the database leaves for stack traces, which are logged, too.
   *
   * @param described what is said of it instead of its message
   */
  public static Throwable withoutValues(Throwable error, String described) {
    SQLException sql = first(error);
    if (sql == null) {
      return error;
    }
    SQLException safe = new SQLException(described, sql.getSQLState());
    safe.setStackTrace(sql.getStackTrace());
    return safe;
  }

  private static @Nullable SQLException first(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && sql.getSQLState() != null) {
        return sql;
      }
    }
    return null;
  }

  private static boolean namesObjectsOnly(SQLException error) {
    return NAMES_OBJECTS_ONLY.contains(error.getSQLState().substring(0, 2));
  }

  private static String withMessage(SQLException error) {
    return firstLine(error.getMessage()) + " (SQLSTATE " + error.getSQLState() + ")";
  }

  private static String withoutMessage(SQLException error) {
    return "SQLSTATE " + error.getSQLState() + " (the message is left out, as it can contain data)";
  }

  private static String firstLine(@Nullable String text) {
    if (text == null) {
      return "no message";
    }
    int end = text.indexOf('\n');
    return (end < 0) ? text : text.substring(0, end);
  }
}
