package dev.migrator.internal.sql;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.core.BaseConnection;

/** Sends rows to the server, which only the driver's own class can do. */
final class CopyIn {

  private static final int NO_LIMIT = 0;

  /** So many characters are one message. */
  private static final int CHARACTERS = 1 << 15;

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
      copy(connection, sql, rows);
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

  private static void copy(Connection connection, String sql, Reader rows)
      throws SQLException, IOException {
    org.postgresql.copy.CopyIn copy =
        connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
    try {
      send(copy, rows, encoder(connection));
      copy.endCopy();
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }

  /** What the session expects, which is UTF-8 unless the driver was allowed something else. */
  private static CharsetEncoder encoder(Connection connection) throws SQLException {
    return Charset.forName(connection.unwrap(BaseConnection.class).getEncoding().name())
        .newEncoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT);
  }

  /**
   * The driver would encode each part that it reads by itself, and make question marks of the two
   * halves of a character that is in two of them.
   */
  private static void send(org.postgresql.copy.CopyIn copy, Reader rows, CharsetEncoder encoder)
      throws SQLException, IOException {
    CharBuffer characters = CharBuffer.allocate(CHARACTERS);
    ByteBuffer bytes =
        ByteBuffer.allocate((int) Math.ceil(CHARACTERS * (double) encoder.maxBytesPerChar()));
    boolean end;
    do {
      end = rows.read(characters) < 0;
      characters.flip();
      CoderResult result = encoder.encode(characters, bytes, end);
      if (result.isError()) {
        throw new SQLException(
            "a character of the rows does not exist in " + encoder.charset(), "22021");
      }
      if (bytes.position() > 0) {
        copy.writeToCopy(bytes.array(), 0, bytes.position());
      }
      bytes.clear();
      // What is left is half of a character.
      characters.compact();
    } while (!end);
  }
}
