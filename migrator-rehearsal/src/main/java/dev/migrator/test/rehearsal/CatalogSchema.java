package dev.migrator.test.rehearsal;

import dev.migrator.test.CatalogImage;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** The schema of a live database, made anew from what its catalog says. */
final class CatalogSchema {

  private static final int MOST_NAMED = 5;

  private static final String OTHERWISE =
      "Give the schema by what pg_dump --schema-only --no-owner writes instead, schema(\"file:…\"), or by copyOf(…) a database on the server of the rehearsal";

  private CatalogSchema() {}

  /**
   * What a catalog says, at one moment.
   *
   * @param statements that make it
   * @param image what is compared with the copy
   * @param majorVersion of the server
   */
  record Source(List<String> statements, CatalogImage image, int majorVersion) {}

  static Source read(DataSource live) {
    try (Connection connection = live.getConnection()) {
      connection.setAutoCommit(false);
      List<String> statements = new ArrayList<>();
      try {
        Sql.execute(connection, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
        // A table that somebody has locked is not waited for.
        Sql.execute(connection, "SET LOCAL search_path = ''; SET LOCAL lock_timeout = '2s'");
        for (String query : CatalogSql.ALL) {
          statements.addAll(Sql.list(connection, query, rs -> rs.getString(1)));
        }
      } finally {
        connection.rollback();
      }
      return new Source(
          statements, image(live), connection.getMetaData().getDatabaseMajorVersion());
    } catch (SQLException | IllegalStateException ex) {
      throw new RehearsalException(
          "the catalog of the live database cannot be read: %s. %s"
              .formatted(ex.getMessage(), OTHERWISE),
          ex);
    }
  }

  /** It does not wait either; a pool gets its connection back as it was. */
  private static CatalogImage image(DataSource live) throws SQLException {
    try (Connection connection = live.getConnection()) {
      connection.setAutoCommit(true);
      Sql.execute(connection, "SET lock_timeout = '2s'");
      try {
        return CatalogImage.of(new SingleConnectionDataSource(connection, true));
      } finally {
        Sql.execute(connection, "RESET lock_timeout");
      }
    }
  }

  /**
   * Makes it. What needs something that comes later is tried again, as long as anything succeeds.
   *
   * @return what the copy lacks
   */
  static List<String> make(Source source, DataSource copy) {
    List<String> left = source.statements();
    Map<String, String> refused = new LinkedHashMap<>();
    try (Connection connection = copy.getConnection()) {
      Sql.execute(connection, "SET search_path = ''; SET check_function_bodies = off");
      int before;
      do {
        before = left.size();
        refused.clear();
        for (String statement : left) {
          try {
            Sql.execute(connection, statement);
          } catch (SQLException ex) {
            refused.put(statement, String.valueOf(ex.getMessage()));
          }
        }
        left = List.copyOf(refused.keySet());
      } while (!left.isEmpty() && left.size() < before);
    } catch (SQLException ex) {
      throw new RehearsalException("the schema cannot be made: " + ex.getMessage(), ex);
    }
    if (!refused.isEmpty()) {
      throw new RehearsalException(
          "the schema of the live database cannot be made anew: %s%s. %s"
              .formatted(
                  refused.entrySet().stream()
                      .limit(MOST_NAMED)
                      .map(it -> "%s: %s".formatted(it.getKey(), it.getValue()))
                      .toList(),
                  refused.size() > MOST_NAMED
                      ? " and %d more".formatted(refused.size() - MOST_NAMED)
                      : "",
                  OTHERWISE));
    }
    return differences(source.image(), CatalogImage.of(copy));
  }

  private static List<String> differences(CatalogImage live, CatalogImage copy) {
    List<String> differences = plain(live).differences(plain(copy));
    if (differences.isEmpty()) {
      return List.of();
    }
    return List.of(
        "the copy of the live schema differs in %d things: %s%s. %s"
            .formatted(
                differences.size(),
                String.join("; ", differences.stream().limit(MOST_NAMED).toList()),
                differences.size() > MOST_NAMED ? "; …" : "",
                OTHERWISE));
  }

  /** Without roles, which another server does not have, and without comments. */
  private static CatalogImage plain(CatalogImage image) {
    return new CatalogImage(
        image.lines().stream()
            .filter(it -> !it.startsWith("schema ") && !it.startsWith("default privileges "))
            .map(
                it ->
                    it.replaceAll("(?<= )owner \\S+ ?", "")
                        .replaceAll("(?s)(?<= )privileges .*?(?= comment |$)", "")
                        .replaceAll("(?s) comment .*", ""))
            .collect(java.util.stream.Collectors.toCollection(java.util.TreeSet::new)));
  }
}
