package dev.migrator.internal.sql;

import java.io.IOException;
import java.io.Reader;

/** Rows on their way to the server, which end with an error when they are cancelled. */
final class CancelledRows extends Reader {

  private final Reader rows;

  private volatile boolean cancelled;

  CancelledRows(Reader rows) {
    this.rows = rows;
  }

  void cancel() {
    cancelled = true;
  }

  @Override
  public int read(char[] buffer, int offset, int length) throws IOException {
    if (cancelled) {
      throw new CancelledException();
    }
    return rows.read(buffer, offset, length);
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }

  /** To be told from one of the file. */
  static final class CancelledException extends IOException {

    private static final long serialVersionUID = 1L;

    CancelledException() {
      super("the COPY was cancelled");
    }
  }
}
