package dev.migrator.run;

import static dev.migrator.run.Fixture.SETTINGS;
import static dev.migrator.run.Fixture.awaitPhase;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * PEERS 9.6: inserts, updates of either side and of neither, deletes and changes of the key go on
 * all the while, and in the end every row is what its writer made of it.
 */
class BackfillTrafficTests {

  private static final int ROWS = 30_000;

  private static final int WRITERS = 3;

  /**
   * A name of 63 bytes, a table without any key, and one partitioned in two levels, where a change
   * of the key moves most rows to another partition.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE \"%1$s\" (id int PRIMARY KEY, a text, n int)",
        "CREATE TABLE \"%1$s\" (id int, a text, n int)",
        """
        CREATE TABLE "%1$s" (id int PRIMARY KEY, a text, n int) PARTITION BY RANGE (id);
        CREATE TABLE low PARTITION OF "%1$s" FOR VALUES FROM (0) TO (30000) PARTITION BY HASH (id);
        CREATE TABLE low_0 PARTITION OF low FOR VALUES WITH (MODULUS 2, REMAINDER 0);
        CREATE TABLE low_1 PARTITION OF low FOR VALUES WITH (MODULUS 2, REMAINDER 1);
        CREATE TABLE rest PARTITION OF "%1$s" DEFAULT PARTITION BY HASH (id);
        CREATE TABLE rest_0 PARTITION OF rest FOR VALUES WITH (MODULUS 2, REMAINDER 0);
        CREATE TABLE rest_1 (n int, a text, gone int, id int NOT NULL);
        ALTER TABLE rest_1 DROP COLUMN gone;
        ALTER TABLE rest ATTACH PARTITION rest_1 FOR VALUES WITH (MODULUS 2, REMAINDER 1)
        """
      })
  void everyRowIsWhatItsWriterMadeOfIt(String create) throws Exception {
    String name = "t" + "ä".repeat(31);
    try (Fixture fixture = new Fixture()) {
      fixture.execute(
          create.formatted(name),
          "INSERT INTO \"%s\" SELECT n, 'value ' || n, 0 FROM generate_series(1, %d) n"
              .formatted(name, ROWS));
      if (!create.contains("KEY")) {
        fixture.execute("CREATE INDEX ON \"%s\" (id)".formatted(name));
      }
      Migration change = Migration.define("m").table(name).renameColumn("a", "b");
      List<Migrator> migrators = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        migrators.add(
            fixture.migrator(
                fixture.pool(3),
                SETTINGS.withBackfill(
                    it -> it.withWorkers(2).withRangeTarget(Duration.ofMillis(3))),
                change));
      }
      migrators.get(0).prepare();
      AtomicBoolean stop = new AtomicBoolean();
      List<CompletableFuture<Map<Integer, String>>> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        int number = i;
        writers.add(
            CompletableFuture.supplyAsync(() -> new Writer(fixture, name, number).until(stop)));
      }
      Map<Integer, String> expected = new TreeMap<>();
      try {
        migrators.forEach(Migrator::start);
        awaitPhase(migrators.get(0), "m", Phase.BACKFILL);
      } finally {
        stop.set(true);
      }
      writers.forEach(it -> expected.putAll(it.join()));

      Map<Integer, String> found = new TreeMap<>();
      fixture
          .jdbc()
          .sql("SELECT id, a, b FROM \"%s\"".formatted(name))
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
  }

  /** Writes the rows whose ids leave its number when divided, and remembers what they must be. */
  private static final class Writer {

    private final Fixture fixture;

    private final String table;

    private final int number;

    private final Random random;

    private final Map<Integer, String> rows = new HashMap<>();

    Writer(Fixture fixture, String table, int number) {
      this.fixture = fixture;
      this.table = table;
      this.number = number;
      this.random = new Random(number);
      for (int id = 1; id <= ROWS; id++) {
        if (id % WRITERS == number) {
          rows.put(id, "value " + id);
        }
      }
    }

    Map<Integer, String> until(AtomicBoolean stop) {
      List<Integer> ids = new ArrayList<>(rows.keySet());
      int fresh = 3 * ROWS + number;
      try (Connection connection = fixture.database().dataSource().getConnection()) {
        for (int i = 0; !stop.get(); i++) {
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
