package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What must be in the table: every write that the database acknowledged, row by row in the order in
 * which they were made. Whoever writes a row owns it meanwhile, so that there is one right answer;
 * the next write may be by a client of the other release.
 */
final class TwoWriterLedger {

  /** Every 100th row of the table is written by the clients; the others only by the backfill. */
  private static final int SPREAD = 100;

  private final FaultChange change;

  private final List<Row> rows = new ArrayList<>();

  TwoWriterLedger(FaultChange change, int present, int absent) {
    this.change = change;
    for (long id = 1; id <= present; id++) {
      User user = new User("User " + id, change.forward("User " + id), id + "@here", 0);
      rows.add(new Row(id, user));
    }
    for (long id = present + 1; id <= present + absent; id++) {
      rows.add(new Row(id, null));
    }
  }

  /** A row that nobody else writes until it is given back. */
  Row take() {
    while (true) {
      Row row = rows.get(SPREAD * ThreadLocalRandom.current().nextInt(rows.size() / SPREAD));
      if (row.owner.tryLock()) {
        return row;
      }
    }
  }

  /** Replays the ledger and compares it with the table. */
  void assertSameAs(JdbcClient jdbc, boolean oldSide) {
    Map<Long, String> expected = new TreeMap<>();
    for (Row row : rows) {
      User user = row.replay();
      if (user != null) {
        expected.put(row.id, (oldSide ? user.name + " | " : "") + user.newSide());
      }
    }
    String columns = (oldSide ? "name, " : "") + String.join(", ", change.newColumns());
    Map<Long, String> actual = new TreeMap<>();
    jdbc.sql("SELECT id, email, visits, " + columns + " FROM users")
        .query(
            rs -> {
              String name = oldSide ? rs.getString("name") + " | " : "";
              actual.put(rs.getLong("id"), name + read(rs, change).newSide());
            });
    Map<Long, String> wrong = new TreeMap<>();
    for (Row row : rows) {
      String want = expected.get(row.id);
      String found = actual.remove(row.id);
      if (want == null ? found != null : !want.equals(found)) {
        wrong.put(row.id, "wanted " + want + ", found " + found + ", after " + row.acknowledged);
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(actual).as("rows that nobody wrote").isEmpty();
  }

  /** Reads what a client of the new release sees. */
  static User read(ResultSet rs, FaultChange change) throws SQLException {
    List<String> values = new ArrayList<>();
    for (String column : change.newColumns()) {
      values.add(String.valueOf(rs.getString(column)));
    }
    return new User("", values, rs.getString("email"), rs.getInt("visits"));
  }

  /** A row as both releases see it. */
  record User(String name, List<String> values, @Nullable String email, int visits) {

    User email(@Nullable String to) {
      return new User(name, values, to, visits);
    }

    User visited() {
      return new User(name, values, email, visits + 1);
    }

    /** A value that is given but not changed leaves the other side as it is. */
    User name(String to, FaultChange change) {
      return to.equals(name) ? this : new User(to, change.forward(to), email, visits);
    }

    User values(List<String> to, FaultChange change) {
      return to.equals(values) ? this : new User(change.back(to), to, email, visits);
    }

    String oldSide() {
      return name + ", " + email + ", " + visits;
    }

    String newSide() {
      return values + ", " + email + ", " + visits;
    }
  }

  /** One row and its writes. */
  static final class Row {

    private final long id;

    private final @Nullable User seed;

    private final ReentrantLock owner = new ReentrantLock();

    private final List<String> acknowledged = new ArrayList<>();

    private final List<UnaryOperator<@Nullable User>> effects = new ArrayList<>();

    private @Nullable User now;

    private Row(long id, @Nullable User seed) {
      this.id = id;
      this.seed = seed;
      this.now = seed;
    }

    long id() {
      return id;
    }

    @Nullable User now() {
      return now;
    }

    void acknowledge(String what, UnaryOperator<@Nullable User> effect) {
      acknowledged.add(what);
      effects.add(effect);
      now = effect.apply(now);
    }

    void giveBack() {
      owner.unlock();
    }

    private @Nullable User replay() {
      owner.lock();
      try {
        User user = seed;
        for (UnaryOperator<@Nullable User> effect : effects) {
          user = effect.apply(user);
        }
        return user;
      } finally {
        owner.unlock();
      }
    }
  }
}
