package dev.migrator.sample.rollout;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The instances as the library has registered them, read from its own table. */
record Registered(Database database) {

  /** Those whose lease has not expired; a name ends with the process id. */
  List<String> live() throws SQLException {
    return query(
        """
        select name || ' of release ' || release from migrator.instance
        where left_at is null and expires_at > clock_timestamp()
        """);
  }

  /** Those that were live when the contract ran, though they do not declare it. */
  List<String> overlooked() throws SQLException {
    return query(
        """
        select name from migrator.instance i, migrator.migration m
        where m.id = ? and i.started_at < m.since and (i.left_at is null or i.left_at > m.since)
          and i.declares -> m.id ->> 'phase' is distinct from 'CONTRACT'
        """,
        Watch.CHANGE);
  }

  /** Whether the lease of an instance had expired when the contract ran. */
  boolean wasExpired(AppInstance instance) throws SQLException {
    return !query(
            """
            select name from migrator.instance i, migrator.migration m
            where m.id = ? and i.name like '%/' || ? and i.expires_at <= m.since
            """,
            Watch.CHANGE, Long.toString(instance.pid()))
        .isEmpty();
  }

  boolean isLive(AppInstance instance) throws SQLException {
    return live().stream().anyMatch(it -> it.contains("/" + instance.pid() + " "));
  }

  private List<String> query(String sql, String... parameters) throws SQLException {
    List<String> names = new ArrayList<>();
    try (Connection connection = database.connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setString(i + 1, parameters[i]);
      }
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          names.add(rows.getString(1));
        }
      }
    }
    return names;
  }
}
