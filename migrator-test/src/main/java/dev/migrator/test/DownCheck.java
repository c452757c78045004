package dev.migrator.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.Parser;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.jdbc.PreferQueryMode;

/**
 * Runs SQL files up, down, and up again, one behind the other, and compares the whole catalog: a
 * down that was never run is not known to work. Each file runs in one transaction unless it has a
 * statement that cannot.
 *
 * <pre>{@code
 * try (TestDatabase database = TestPostgres.newDatabase()) {
 *   assertThat(DownCheck.on(database).folder(Path.of("src/main/resources/db/migrator")))
 *       .allMatch(CheckedDown::isClean);
 * }
 * }</pre>
 *
 * <p>Of rows nothing is said: that a down brings a column back does not bring back what was in it.
 */
public final class DownCheck {

  private static final String DOWN = ".down.sql";

  /** Of a statement that cannot run in a transaction. */
  private static final String NO_TRANSACTION = "25001";

  private final TestDatabase database;

  private DownCheck(TestDatabase database) {
    this.database = database;
  }

  /**
   * Checks on a database, which is changed.
   *
   * @param database empty, or with the schema that the first file needs
   */
  public static DownCheck on(TestDatabase database) {
    return new DownCheck(database);
  }

  /**
   * All files of a folder and of those below, in the order of their names. Repeatable files, which
   * have no down, are left out.
   *
   * @throws UncheckedIOException if it cannot be read
   */
  public List<CheckedDown> folder(Path folder) {
    try (Stream<Path> found = Files.walk(folder)) {
      return check(
          found
              .filter(it -> name(it).endsWith(".sql") && !name(it).endsWith(DOWN))
              .filter(it -> !name(it).startsWith("R__"))
              .sorted(Comparator.comparing(DownCheck::name))
              .toArray(Path[]::new));
    } catch (IOException ex) {
      throw new UncheckedIOException("cannot read " + folder, ex);
    }
  }

  /**
   * Files in the order given. The check goes on behind one whose down fails or is missing; a file
   * that fails itself is the last.
   */
  public List<CheckedDown> check(Path... files) {
    List<CheckedDown> checked = new ArrayList<>();
    try (Connection connection = connect()) {
      for (Path file : files) {
        CatalogImage before = CatalogImage.of(connection);
        String failure = run(connection, file);
        if (failure != null) {
          checked.add(failed(file, null, failure));
          break;
        }
        checked.add(undone(connection, file, before));
      }
    } catch (SQLException ex) {
      throw new IllegalStateException("the check could not run: " + ex.getMessage(), ex);
    }
    return List.copyOf(checked);
  }

  /** By this protocol the server takes a whole file, and finds the end of each statement itself. */
  private Connection connect() throws SQLException {
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setURL(database.jdbcUrl());
    dataSource.setUser(database.username());
    dataSource.setPassword(database.password());
    dataSource.setPreferQueryMode(PreferQueryMode.SIMPLE);
    return dataSource.getConnection();
  }

  /** Behind it the file has run, whatever its down is worth. */
  private static CheckedDown undone(Connection connection, Path file, CatalogImage before)
      throws SQLException {
    Path down = file.resolveSibling(name(file).replaceFirst("(?:\\.up)?\\.sql$", DOWN));
    if (!Files.exists(down)) {
      return failed(file, null, "there is no " + name(down));
    }
    CatalogImage with = CatalogImage.of(connection);
    String failure = run(connection, down);
    if (failure != null) {
      return failed(file, down, failure);
    }
    CatalogImage behind = CatalogImage.of(connection);
    failure = run(connection, file);
    if (failure != null) {
      return failed(file, down, "the second time: " + failure);
    }
    return new CheckedDown(
        file.toString(),
        down.toString(),
        null,
        before.differences(behind),
        with.differences(CatalogImage.of(connection)));
  }

  private static CheckedDown failed(Path file, @Nullable Path down, String problem) {
    return new CheckedDown(
        file.toString(), (down != null) ? down.toString() : null, problem, List.of(), List.of());
  }

  /** In one transaction if that is possible, and returns what went wrong. */
  private static @Nullable String run(Connection connection, Path file) throws SQLException {
    String text = text(file);
    connection.setAutoCommit(false);
    try {
      SQLException failure = execute(connection, List.of(text));
      if (failure == null) {
        connection.commit();
        return null;
      }
      connection.rollback();
      if (!NO_TRANSACTION.equals(failure.getSQLState())) {
        return name(file) + ": " + failure.getMessage();
      }
    } finally {
      connection.setAutoCommit(true);
    }
    SQLException failure = execute(connection, statements(text));
    return (failure == null) ? null : name(file) + ": " + failure.getMessage();
  }

  /**
   * One by one, as some cannot run together with others. The driver knows where each ends, but
   * takes all behind BEGIN ATOMIC for one, which the server then runs together.
   */
  private static List<String> statements(String text) throws SQLException {
    return Parser.parseJdbcSql(text, true, false, true, false, false).stream()
        .map(it -> it.nativeSql)
        .toList();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException ex) {
      throw new UncheckedIOException("cannot read " + file, ex);
    }
  }

  private static @Nullable SQLException execute(Connection connection, List<String> statements) {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
      return null;
    } catch (SQLException ex) {
      return ex;
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }
}
