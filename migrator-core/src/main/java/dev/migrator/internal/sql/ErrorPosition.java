package dev.migrator.internal.sql;

import java.lang.reflect.InvocationTargetException;
import java.sql.SQLException;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Where in a statement the server found an error. Only the driver's own class tells, which the
 * library does not depend on: where it cannot be asked, the position is left out.
 */
public final class ErrorPosition {

  private ErrorPosition() {}

  /** The character, from 0; empty if nobody knows. */
  public static OptionalInt of(@Nullable Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return ofServer(sql);
      }
    }
    return OptionalInt.empty();
  }

  private static OptionalInt ofServer(SQLException error) {
    try {
      Object message = error.getClass().getMethod("getServerErrorMessage").invoke(error);
      if (message == null) {
        return OptionalInt.empty();
      }
      Object position = message.getClass().getMethod("getPosition").invoke(message);
      return (position instanceof Integer number && number > 0)
          ? OptionalInt.of(number - 1)
          : OptionalInt.empty();
    } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException ex) {
      return OptionalInt.empty();
    }
  }
}
