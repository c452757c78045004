package dev.migrator.test.rehearsal;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.util.PGobject;

/** A connection whose statements are recorded when they have succeeded. */
final class RecordedConnection implements InvocationHandler {

  /** Of longer values none is recorded. */
  private static final int MOST_LENGTH = 1_000;

  private final Connection target;

  private final Recording recording;

  private final boolean withValues;

  private final ParameterTypes types;

  private final Connection proxy;

  private RecordedConnection(Connection target, Recording recording, boolean withValues)
      throws SQLException {
    this.target = target;
    this.recording = recording;
    this.withValues = withValues;
    this.types =
        new ParameterTypes(
            !target.isWrapperFor(BaseConnection.class)
                || target.unwrap(BaseConnection.class).getStringVarcharFlag());
    this.proxy = Proxies.of(Connection.class, this);
  }

  static Connection of(Connection target, Recording recording, boolean withValues)
      throws SQLException {
    return new RecordedConnection(target, recording, withValues).proxy;
  }

  @Override
  public @Nullable Object invoke(Object self, Method method, Object @Nullable [] args)
      throws Throwable {
    if (method.getName().equals("equals") && args != null) {
      return self == args[0];
    }
    Object result = Proxies.call(target, method, args);
    return switch (method.getName()) {
      case "createStatement" -> plain((Statement) Objects.requireNonNull(result));
      case "prepareStatement" ->
          Proxies.of(
              PreparedStatement.class,
              new Prepared(
                  (PreparedStatement) Objects.requireNonNull(result),
                  String.valueOf(Objects.requireNonNull(args)[0]),
                  keys(args)));
      case "prepareCall" ->
          Proxies.of(
              CallableStatement.class,
              (call, its, with) ->
                  its.getName().equals("getConnection")
                      ? proxy
                      : Proxies.call(Objects.requireNonNull(result), its, with));
      default -> result;
    };
  }

  /** Which generated values are asked for. */
  private static List<String> keys(Object[] args) {
    if (args.length == 2 && args[1] instanceof Integer it) {
      return it == Statement.RETURN_GENERATED_KEYS ? List.of("*") : List.of();
    }
    return (args.length == 2 && args[1] instanceof String[] it) ? List.of(it) : List.of();
  }

  private Statement plain(Statement statement) {
    List<String> batch = new ArrayList<>();
    return Proxies.of(
        Statement.class,
        (self, method, args) -> {
          String name = method.getName();
          if (name.equals("getConnection")) {
            return proxy;
          }
          Object result = Proxies.call(statement, method, args);
          if (name.equals("addBatch") && args != null) {
            batch.add(String.valueOf(args[0]));
          } else if (name.equals("clearBatch")) {
            batch.clear();
          } else if (name.startsWith("execute") && args == null) {
            batch.forEach(it -> recording.addPlain(it, List.of(), withValues));
            batch.clear();
          } else if (name.startsWith("execute") && args != null) {
            recording.addPlain(String.valueOf(args[0]), keys(args), withValues);
          }
          return result;
        });
  }

  /** One with parameters. */
  private final class Prepared implements InvocationHandler {

    private final PreparedStatement statement;

    private final String sql;

    private final List<String> keys;

    private final TreeMap<Integer, Parameter> parameters = new TreeMap<>();

    private @Nullable List<Parameter> batch;

    Prepared(PreparedStatement statement, String sql, List<String> keys) {
      this.statement = statement;
      this.sql = sql;
      this.keys = keys;
    }

    @Override
    public @Nullable Object invoke(Object self, Method method, Object @Nullable [] args)
        throws Throwable {
      String name = method.getName();
      if (name.equals("getConnection")) {
        return proxy;
      }
      Object result = Proxies.call(statement, method, args);
      if (name.equals("clearParameters")) {
        parameters.clear();
      } else if (name.startsWith("set") && args != null && args.length > 1) {
        parameters.put((Integer) args[0], parameter(name, args));
      } else if (name.equals("addBatch") && args == null) {
        batch = List.copyOf(parameters.values());
      } else if (name.equals("clearBatch")) {
        batch = null;
      } else if (name.equals("executeBatch") || name.equals("executeLargeBatch")) {
        if (batch != null) {
          add(batch);
        }
        batch = null;
      } else if (name.startsWith("execute") && args == null) {
        add(List.copyOf(parameters.values()));
      }
      return result;
    }

    private Parameter parameter(String setter, Object[] args) throws SQLException {
      boolean isNull = setter.equals("setNull") || args[1] == null;
      return new Parameter(
          types.of(setter, args), isNull, (isNull || !withValues) ? null : text(args[1]));
    }

    private void add(List<Parameter> given) {
      if (given.isEmpty()) {
        recording.addPlain(sql, keys, withValues);
        return;
      }
      boolean known = withValues && given.stream().allMatch(it -> it.isNull() || it.text() != null);
      List<@Nullable String> values = new ArrayList<>();
      if (known) {
        given.forEach(it -> values.add(it.text()));
      }
      recording.add(sql, keys, given.stream().map(Parameter::type).toList(), values);
    }
  }

  /** What was given for a {@code ?}; a text that is {@code null} cannot be recorded. */
  private record Parameter(String type, boolean isNull, @Nullable String text) {}

  private static @Nullable String text(Object value) {
    String text =
        (value instanceof byte[] bytes)
            ? "\\x" + HexFormat.of().formatHex(bytes)
            : (value instanceof PGobject it) ? it.getValue() : String.valueOf(value);
    boolean isStream =
        value instanceof java.io.InputStream
            || value instanceof java.io.Reader
            || value instanceof java.sql.Blob
            || value instanceof java.sql.Clob;
    return (isStream || text == null || text.length() > MOST_LENGTH) ? null : text;
  }
}
