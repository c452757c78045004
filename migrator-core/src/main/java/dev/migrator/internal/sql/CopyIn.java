package dev.migrator.internal.sql;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;

/** Sends rows to the server, which only the driver's own class can do. */
final class CopyIn {

  private static final int NO_LIMIT = 0;

  private CopyIn() {}

  /**
   * Sends them, within the limits of the transaction.
   *
   * @param sql a {@code COPY … FROM stdin}
   */
  static void run(Connection connection, String sql, Reader rows) throws SQLException {
    int before = connection.getNetworkTimeout();
    // The server ends it when it takes too long; until then there is nothing to answer.
    connection.setNetworkTimeout(Runnable::run, NO_LIMIT);
    try {
      connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql, rows);
    } catch (CancelledRows.CancelledException ex) {
      throw new SQLException(ex.getMessage(), "57014", ex);
    } catch (IOException ex) {
      throw new UncheckedIOException(ex);
    } finally {
      if (!connection.isClosed()) {
        connection.setNetworkTimeout(Runnable::run, before);
      }
    }
  }
}
