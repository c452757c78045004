package dev.migrator.internal.sql;

import java.lang.reflect.InvocationTargetException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Whether code in the database had a part in an error: its message then says what that code says,
 * which can be values of rows under any code. As of {@link ErrorPosition}, only the driver's own
 * class tells.
 */
final class ErrorOrigin {

  /** The server's own name of the place where PL/pgSQL raises what RAISE says. */
  private static final String RAISE = "exec_stmt_raise";

  private ErrorOrigin() {}

  /** Whether RAISE made it. */
  static boolean isRaised(SQLException error) {
    return RAISE.equals(asked(error, "getRoutine"));
  }

  /**
   * Whether it is of code: raised by it, or met by a statement that it sent, which it may have made
   * of values.
   */
  static boolean isOfCode(SQLException error) {
    return isRaised(error) || asked(error, "getInternalQuery") != null;
  }

  private static @Nullable Object asked(SQLException error, String getter) {
    try {
      Object message = error.getClass().getMethod("getServerErrorMessage").invoke(error);
      return (message == null) ? null : message.getClass().getMethod(getter).invoke(message);
    } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException ex) {
      return null;
    }
  }
}
