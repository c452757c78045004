package dev.migrator.internal.engine;

import dev.migrator.internal.engine.TwoWriterLedger.Row;
import dev.migrator.internal.engine.TwoWriterLedger.User;
import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;

/** What one client of a release says to the database, statement by statement. */
final class TwoWriterClient {

  private final Connection connection;

  private final TwoWriterLedger ledger;

  private final FaultChange change;

  private final boolean old;

  private final BooleanSupplier mayRead;

  private final List<String> columns;

  private final Random random;

  private int counter;

  TwoWriterClient(
      Connection connection,
      TwoWriterLedger ledger,
      FaultChange change,
      boolean old,
      BooleanSupplier mayRead,
      int seed) {
    this.connection = connection;
    this.ledger = ledger;
    this.change = change;
    this.old = old;
    this.mayRead = mayRead;
    this.columns = old ? List.of("name") : change.newColumns();
    this.random = new Random(seed);
  }

  /** One statement about some row; throws if it fails or reads what was not written. */
  void next() throws SQLException, IOException {
    Row row = ledger.take();
    try {
      if (row.now() == null) {
        switch (random.nextInt(3)) {
          case 0 -> insert(row);
          case 1 -> copy(row);
          default -> upsert(row);
        }
        return;
      }
      switch (random.nextInt(12)) {
        case 0, 1 -> write(row, columns);
        case 2 -> write(row, List.of(columns.get(random.nextInt(columns.size()))));
        case 3, 4 -> updateEmail(row);
        case 5, 6 -> visit(row);
        case 7 -> upsert(row);
        case 8 -> delete(row);
        default -> {
          if (mayRead.getAsBoolean()) {
            read(row);
          }
        }
      }
    } finally {
      row.giveBack();
    }
  }

  /**
   * Values that the way there and back does not keep are among them: a first name with a space
   * comes back as a first and a last name.
   */
  private List<String> fresh() {
    String text = (old ? "Old " : "New ") + random.nextInt(1000) + "-" + ++counter;
    List<String> values = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      values.add(
          switch (random.nextInt(4)) {
            case 0 -> text.replace(" ", "") + i;
            case 1 -> "Mary " + text + i;
            default -> text + i;
          });
    }
    return values;
  }

  private void insert(Row row) throws SQLException {
    List<String> values = fresh();
    update(
        "INSERT INTO users (id, %s) VALUES (?, %s)".formatted(list(), marks()),
        row.id(),
        values.toArray());
    row.acknowledge(said("inserted", values), user -> inserted(values));
  }

  private void copy(Row row) throws SQLException, IOException {
    List<String> values = fresh();
    connection
        .unwrap(PGConnection.class)
        .getCopyAPI()
        .copyIn(
            "COPY users (id, %s) FROM STDIN".formatted(list()),
            new StringReader(row.id() + "\t" + String.join("\t", values) + "\n"));
    row.acknowledge(said("copied", values), user -> inserted(values));
  }

  private void upsert(Row row) throws SQLException {
    List<String> values = fresh();
    update(
        "INSERT INTO users (id, %s) VALUES (?, %s) ON CONFLICT (id) DO UPDATE SET %s"
            .formatted(
                list(),
                marks(),
                columns.stream()
                    .map(it -> it + " = excluded." + it)
                    .collect(Collectors.joining(", "))),
        row.id(),
        values.toArray());
    row.acknowledge(
        said("upserted", values), user -> user == null ? inserted(values) : written(user, values));
  }

  private void write(Row row, List<String> some) throws SQLException {
    List<String> values = new ArrayList<>(ownValues(row.now()));
    List<String> fresh = fresh();
    List<Object> parameters = new ArrayList<>();
    for (String column : some) {
      int index = columns.indexOf(column);
      values.set(index, fresh.get(index));
      parameters.add(fresh.get(index));
    }
    parameters.add(row.id());
    update(
        "UPDATE users SET %s WHERE id = ?"
            .formatted(some.stream().map(it -> it + " = ?").collect(Collectors.joining(", "))),
        parameters.toArray());
    row.acknowledge(said("wrote", values), user -> written(user, values));
  }

  private void updateEmail(Row row) throws SQLException {
    String email = (old ? "old" : "new") + ++counter + "@there";
    update("UPDATE users SET email = ? WHERE id = ?", email, row.id());
    row.acknowledge(said("email", List.of(email)), user -> user.email(email));
  }

  private void visit(Row row) throws SQLException {
    update("UPDATE users SET visits = visits + 1 WHERE id = ?", row.id());
    row.acknowledge(said("visit", List.of()), User::visited);
  }

  private void delete(Row row) throws SQLException {
    update("DELETE FROM users WHERE id = ?", row.id());
    row.acknowledge(said("deleted", List.of()), user -> null);
  }

  private void read(Row row) throws SQLException {
    User now = row.now();
    String expected = old ? now.oldSide() : now.newSide();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT email, visits, " + list() + " FROM users WHERE id = ?")) {
      statement.setLong(1, row.id());
      try (ResultSet rs = statement.executeQuery()) {
        String found = "nothing";
        if (rs.next()) {
          found =
              old
                  ? rs.getString("name") + ", " + rs.getString("email") + ", " + rs.getInt("visits")
                  : TwoWriterLedger.read(rs, change).newSide();
        }
        if (!found.equals(expected)) {
          throw new AssertionError(
              "%s client read row %d: wanted %s, found %s"
                  .formatted(old ? "old" : "new", row.id(), expected, found));
        }
      }
    }
  }

  private List<String> ownValues(User user) {
    return old ? List.of(user.name()) : user.values();
  }

  private User inserted(List<String> values) {
    return old
        ? new User(values.get(0), change.forward(values.get(0)), null, 0)
        : new User(change.back(values), values, null, 0);
  }

  private User written(User user, List<String> values) {
    return old ? user.name(values.get(0), change) : user.values(values, change);
  }

  private String said(String verb, List<String> values) {
    return (old ? "old " : "new ") + verb + " " + values;
  }

  private String list() {
    return String.join(", ", columns);
  }

  private String marks() {
    return String.join(", ", Collections.nCopies(columns.size(), "?"));
  }

  private void update(String sql, long id, Object[] more) throws SQLException {
    List<Object> parameters = new ArrayList<>();
    parameters.add(id);
    parameters.addAll(List.of(more));
    update(sql, parameters.toArray());
  }

  private void update(String sql, Object... parameters) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      int rows = statement.executeUpdate();
      if (rows != 1) {
        throw new AssertionError(sql + " changed " + rows + " rows");
      }
    }
  }
}
