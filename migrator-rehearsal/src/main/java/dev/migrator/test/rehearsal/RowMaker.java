package dev.migrator.test.rehearsal;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Fills tables up to a wanted number of rows, within the server: those that are there are
 * multiplied, so that types, the share of NULL, and which rows belong together stay; where none is,
 * values are made from the types.
 */
final class RowMaker {

  private static final int BATCH = 100_000;

  /** Of these the further rows are made. */
  static final int MOST_SOURCES = 100_000;

  private final Consumer<String> progress;

  private final Statistics statistics;

  RowMaker(Consumer<String> progress, Statistics statistics) {
    this.progress = progress;
    this.statistics = statistics;
  }

  void make(DataSource dataSource, WantedRows wanted) {
    try (Connection connection = dataSource.getConnection()) {
      List<String> tables = new ArrayList<>(wanted.rows().keySet());
      for (String column : wanted.columns().keySet()) {
        String table = column.substring(0, column.lastIndexOf('.'));
        if (!tables.contains(table)) {
          throw new RehearsalException(
              "withColumn(\"%s\", …) needs withRows(\"%s\", …)".formatted(column, table));
        }
      }
      List<TableShape> shapes = referredFirst(connection, tables);
      statistics.requireAny(connection, shapes);
      for (TableShape shape : shapes) {
        String asked =
            tables.stream()
                .filter(it -> same(connection, it, shape.name()))
                .findFirst()
                .orElseThrow();
        fill(connection, shape, asked, wanted);
      }
      for (String table : tables) {
        Sql.execute(
            connection, "VACUUM (ANALYZE) " + TableShapeReader.read(connection, table).name());
      }
    } catch (SQLException ex) {
      throw new RehearsalException("the rows cannot be made: " + ex.getMessage(), ex);
    }
  }

  private static boolean same(Connection connection, String asked, String name) {
    try {
      return TableShapeReader.read(connection, asked).name().equals(name);
    } catch (SQLException ex) {
      throw new RehearsalException("the rows cannot be made: " + ex.getMessage(), ex);
    }
  }

  private static List<TableShape> referredFirst(Connection connection, List<String> tables)
      throws SQLException {
    List<TableShape> left = new ArrayList<>();
    for (String table : tables) {
      left.add(TableShapeReader.read(connection, table));
    }
    List<TableShape> sorted = new ArrayList<>();
    while (!left.isEmpty()) {
      TableShape next =
          left.stream()
              .filter(
                  it -> left.stream().noneMatch(other -> other != it && refers(it, other.name())))
              .findFirst()
              .orElse(left.get(0));
      left.remove(next);
      sorted.add(next);
    }
    return sorted;
  }

  private static boolean refers(TableShape shape, String other) {
    return shape.foreignKeys().stream().anyMatch(it -> it.table().equals(other));
  }

  private void fill(Connection connection, TableShape shape, String asked, WantedRows wanted)
      throws SQLException {
    long number = wanted.rows().getOrDefault(asked, 0L);
    long there = Sql.number(connection, "SELECT count(*) FROM " + shape.name());
    if (there >= number) {
      return;
    }
    RowSql sql =
        RowSql.of(
            connection,
            shape,
            there,
            number,
            asked,
            wanted.columnsOf(asked),
            statistics.of(connection, shape, number));
    for (String statement : sql.before()) {
      Sql.execute(connection, statement);
    }
    for (long from = there; from < number; from += BATCH) {
      long until = Math.min(number, from + BATCH);
      try {
        Sql.execute(connection, sql.insert(from, until - 1));
      } catch (PSQLException ex) {
        throw refused(connection, shape, asked, ex);
      }
      progress.accept(
          "%s: %s of %s rows".formatted(asked, TextReport.count(until), TextReport.count(number)));
    }
    for (String statement : sql.after()) {
      Sql.execute(connection, statement);
    }
  }

  private static RehearsalException refused(
      Connection connection, TableShape shape, String asked, PSQLException failure)
      throws SQLException {
    ServerErrorMessage server = failure.getServerErrorMessage();
    List<String> columns = new ArrayList<>();
    if (server != null && server.getColumn() != null) {
      columns.add(server.getColumn());
    }
    if (server != null && server.getConstraint() != null) {
      columns.addAll(
          Sql.list(
              connection,
              """
              SELECT a.attname FROM pg_catalog.pg_constraint x
                JOIN pg_catalog.pg_attribute a ON a.attrelid = x.conrelid AND a.attnum = ANY (x.conkey)
               WHERE x.conrelid = ?::regclass AND x.conname = ?
              """,
              rs -> rs.getString(1),
              shape.name(),
              server.getConstraint()));
    }
    String column = columns.isEmpty() ? "…" : columns.get(0);
    return new RehearsalException(
        "rows of %s cannot be made: %s. Give %s its value: withColumn(\"%s.%s\", \"…\"), an SQL expression of i, the number of the row from 0"
            .formatted(
                asked,
                (server == null) ? failure.getMessage() : server.getMessage(),
                columns.size() > 1 ? "one of the columns " + columns : "the column " + column,
                asked,
                column),
        failure);
  }
}
