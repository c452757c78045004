package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Traffic on a table with the columns id, a and n while b is kept in step with a: inserts, updates
 * of either side and of neither, deletes and changes of the key.
 */
final class RowWriters implements AutoCloseable {

  private static final int WRITERS = 3;

  /** As fast as they can, they would leave the machine to nobody else. */
  private static final long PACE = TimeUnit.MILLISECONDS.toNanos(1);

  private final Fixture fixture;

  private final String table;

  private final int initial;

  private final List<CompletableFuture<Map<Integer, String>>> writers = new ArrayList<>();

  private volatile boolean stop;

  /**
   * Begins at once.
   *
   * @param initial how many rows there are, from 1 on, in which a is "value " and the id
   */
  RowWriters(Fixture fixture, String table, int initial) {
    this.fixture = fixture;
    this.table = table;
    this.initial = initial;
    for (int i = 0; i < WRITERS; i++) {
      Writer writer = new Writer(i);
      writers.add(
          CompletableFuture.supplyAsync(writer::untilStopped, it -> new Thread(it).start()));
    }
  }

  /** Every row is what its writer made of it, and no other is there. */
  void stopAndCompare() {
    stop = true;
    Map<Integer, String> expected = new TreeMap<>();
    writers.forEach(it -> expected.putAll(it.join()));
    Map<Integer, String> found = new TreeMap<>();
    fixture
        .jdbc()
        .sql("SELECT id, a, b FROM \"%s\"".formatted(table))
        .query(
            (rs, row) -> {
              assertThat(rs.getString("b"))
                  .as("row %d", rs.getInt("id"))
                  .isEqualTo(rs.getString("a"));
              return found.put(rs.getInt("id"), rs.getString("a"));
            })
        .list();
    assertThat(found).isEqualTo(expected);
  }

  @Override
  public void close() {
    stop = true;
  }

  /** Writes the rows whose ids leave its number when divided, and remembers what they must be. */
  private final class Writer {

    private final int number;

    private final Random random;

    private final Map<Integer, String> rows = new HashMap<>();

    Writer(int number) {
      this.number = number;
      this.random = new Random(number);
      for (int id = 1; id <= initial; id++) {
        if (id % WRITERS == number) {
          rows.put(id, "value " + id);
        }
      }
    }

    Map<Integer, String> untilStopped() {
      List<Integer> ids = new ArrayList<>(rows.keySet());
      int fresh = 3 * initial + number;
      try (Connection connection = fixture.database().dataSource().getConnection()) {
        for (int i = 0; !stop; i++) {
          int place = random.nextInt(ids.size());
          int id = ids.get(place);
          String value = "written " + number + "/" + i;
          switch (random.nextInt(6)) {
            case 0 -> {
              fresh += WRITERS;
              run(connection, "INSERT INTO %s (id, a, n) VALUES (?, ?, 0)", fresh, value);
              rows.put(fresh, value);
              ids.add(fresh);
            }
            case 1 -> {
              run(connection, "UPDATE %s SET a = ? WHERE id = ?", value, id);
              rows.put(id, value);
            }
            case 2 -> {
              run(connection, "UPDATE %s SET b = ? WHERE id = ?", value, id);
              rows.put(id, value);
            }
            case 3 -> run(connection, "UPDATE %s SET n = n + 1 WHERE id = ?", id);
            case 4 -> {
              run(connection, "DELETE FROM %s WHERE id = ?", id);
              rows.remove(id);
              ids.remove(place);
            }
            default -> {
              fresh += WRITERS;
              run(connection, "UPDATE %s SET id = ? WHERE id = ?", fresh, id);
              rows.put(fresh, rows.remove(id));
              ids.set(place, fresh);
            }
          }
          LockSupport.parkNanos(PACE);
        }
      } catch (SQLException ex) {
        throw new IllegalStateException(ex);
      }
      return rows;
    }

    private void run(Connection connection, String sql, Object... values) throws SQLException {
      try (PreparedStatement statement =
          connection.prepareStatement(sql.formatted("\"" + table + "\""))) {
        for (int i = 0; i < values.length; i++) {
          statement.setObject(i + 1, values[i]);
        }
        assertThat(statement.executeUpdate()).isEqualTo(1);
      }
    }
  }
}
