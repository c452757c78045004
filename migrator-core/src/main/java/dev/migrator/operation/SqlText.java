package dev.migrator.operation;

import dev.migrator.operation.SqlFile.Statement;
import java.io.Reader;

/** The statements of a SQL file that is too large to be kept in memory. */
public interface SqlText {

  /**
   * Reads the file, and hands its statements over one after the other.
   *
   * @param visitor takes them
   * @throws IllegalStateException if the file cannot be read, or is not what it was at the start
   */
  void read(Visitor visitor);

  /** Takes the statements of a file. */
  interface Visitor {

    /**
     * A statement.
     *
     * @param statement the statement
     */
    void statement(Statement statement);

    /**
     * A {@code COPY … FROM stdin}.
     *
     * @param copy the statement, without its rows
     * @param rows what stands behind it; good until this method returns
     */
    void rows(Statement copy, Reader rows);
  }
}
