package dev.migrator.internal.sql;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Queries that the server plans once for the rest of a transaction, from the second time on that
 * they are sent. The driver would have each planned anew behind every CREATE, ALTER and DROP, and
 * without these the first five times, which takes longer than to run it.
 *
 * <p>Why the answers are the same: the server plans a query anew as soon as something changes that
 * its plan was made from, or the path by which names are found. What is prepared stays with the
 * session until it is forgotten, in the same transaction, so that nothing is lost or left behind a
 * transaction pooler.
 */
final class PlannedQueries {

  private static final AtomicLong COUNTER = new AtomicLong();

  private final String prefix =
      "migrator_" + Long.toString(System.nanoTime(), 36) + "_" + COUNTER.incrementAndGet() + "_";

  /** The name of each that was sent, with the types of its parameters; empty if it has none yet. */
  private final Map<String, String> names = new HashMap<>();

  private int prepared;

  /** The same connection, on which queries are planned once. */
  Connection on(Connection connection) {
    return proxy(
        Connection.class,
        connection,
        (method, arguments) ->
            (method.equals("prepareStatement") && arguments.length == 1)
                ? new Sent(connection, String.valueOf(arguments[0])).statement()
                : null);
  }

  /** What forgets all that was prepared; empty if nothing was. */
  String forget() {
    return names.values().stream()
        .filter(it -> !it.isEmpty())
        .map(it -> "DEALLOCATE " + it)
        .collect(Collectors.joining("; "));
  }

  /** One use of a query, with its parameters. */
  private final class Sent {

    private final Connection connection;

    private final String sql;

    /** Nothing is sent for it unless it is run. */
    private final PreparedStatement original;

    private final QueryParameters parameters = new QueryParameters();

    Sent(Connection connection, String sql) throws SQLException {
      this.connection = connection;
      this.sql = sql;
      this.original = connection.prepareStatement(sql);
    }

    PreparedStatement statement() {
      return proxy(PreparedStatement.class, original, this::call);
    }

    private @Nullable Object call(String method, Object[] arguments) throws SQLException {
      if (method.startsWith("set") && arguments.length > 1) {
        parameters.set(method, arguments);
      }
      return (method.equals("executeQuery") && arguments.length == 0) ? planned() : null;
    }

    private @Nullable ResultSet planned() throws SQLException {
      String text = parameters.isKnown() ? parameters.numbered(sql) : null;
      if (text == null) {
        return null;
      }
      String key = parameters.types() + " " + sql;
      String name = names.putIfAbsent(key, "");
      if (name == null) {
        return null; // most are sent once only
      }
      if (name.isEmpty()) {
        name = prefix + ++prepared;
        try (Statement statement = connection.createStatement()) {
          statement.execute("PREPARE " + name + parameters.types() + " AS " + text);
        }
        names.put(key, name);
      }
      Statement statement = connection.createStatement();
      statement.closeOnCompletion();
      return statement.executeQuery("EXECUTE " + name + parameters.literals());
    }
  }

  /** Says what a call returns in place of what the original returns; {@code null} for that. */
  private interface Instead {
    @Nullable Object call(String method, Object[] arguments) throws SQLException;
  }

  private static <T> T proxy(Class<T> type, T original, Instead instead) {
    return type.cast(
        Proxy.newProxyInstance(
            PlannedQueries.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              Object[] given = Objects.requireNonNullElse(arguments, new Object[0]);
              Object result = instead.call(method.getName(), given);
              if (result != null) {
                return result;
              }
              try {
                return method.invoke(original, arguments);
              } catch (InvocationTargetException ex) {
                throw ex.getTargetException();
              }
            }));
  }
}
