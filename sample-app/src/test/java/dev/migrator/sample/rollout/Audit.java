package dev.migrator.sample.rollout;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks the database itself at the end. */
final class Audit {

  private final Connection connection;

  private final Faults faults;

  Audit(Connection connection, Faults faults) {
    this.connection = connection;
    this.faults = faults;
  }

  /** Compares every user, and looks for what the change should have removed. */
  Result run(Population population, Ledger names, Ledger emails) throws SQLException {
    int users = compareValues(population, names, emails);
    List<String> remains = remains();
    remains.forEach(remain -> faults.add(Faults.Kind.CHANGE, "left behind: " + remain));
    return new Result(true, users, remains);
  }

  /** Every user counts, whether written or never touched. */
  private int compareValues(Population population, Ledger names, Ledger emails)
      throws SQLException {
    BitSet found = new BitSet(population.loaded());
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select id, full_name, email from users")) {
      while (rows.next()) {
        long user = rows.getLong("id");
        found.set((int) user);
        compare(names, "name", user, rows.getString("full_name"));
        compare(emails, "email", user, rows.getString("email"));
      }
    }
    for (long user = 1; user <= population.loaded(); user++) {
      expect(found, user);
    }
    population.added().forEach(user -> expect(found, user));
    return found.cardinality();
  }

  private void compare(Ledger ledger, String field, long user, @Nullable String value) {
    if (ledger.judgeAtEnd(user, value) == Ledger.Verdict.WRONG) {
      faults.add(
          Faults.Kind.LOST,
          "%s of user %d is %s in the database, but must be %s"
              .formatted(field, user, value, ledger.expected(user)));
    }
  }

  private void expect(BitSet found, long user) {
    if (!found.get((int) user)) {
      faults.add(Faults.Kind.LOST, "user " + user + " is gone");
    }
  }

  private List<String> remains() throws SQLException {
    List<String> remains = new ArrayList<>();
    collect(
        remains,
        "column ",
        """
        select attname from pg_attribute
        where attrelid = 'users'::regclass and attnum > 0 and not attisdropped
          and attname not in ('id', 'full_name', 'email', 'created_at')
        """);
    collect(
        remains,
        "trigger ",
        "select tgname from pg_trigger where tgrelid = 'users'::regclass and not tgisinternal");
    collect(
        remains,
        "check constraint ",
        "select conname from pg_constraint where conrelid = 'users'::regclass and contype = 'c'");
    collect(
        remains,
        "function ",
        "select proname from pg_proc where pronamespace = to_regnamespace('migrator')");
    return remains;
  }

  private void collect(List<String> remains, String kind, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        remains.add(kind + rows.getString(1));
      }
    }
  }

  /**
   * What was found.
   *
   * @param done whether anything was checked
   * @param users how many users there are
   * @param remains what the change left behind
   */
  record Result(boolean done, int users, List<String> remains) {

    static final Result NONE = new Result(false, 0, List.of());
  }
}
