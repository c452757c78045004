package dev.migrator.internal.operation;

import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.MalformedSqlException;
import dev.migrator.internal.sql.ObjectNames;
import dev.migrator.internal.sql.QualifiedCalls;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.springframework.dao.DataAccessException;

/**
 * Lets the server say what the names in an expression mean: it writes the definition of a view with
 * the schemas of everything that is not its own. What is its own gets its schema here, and the
 * server says whether that is the same.
 */
final class QualifiedReader {

  private static final String VIEW = Identifiers.quote(ObjectNames.SCHEMA, "probe_qualified");

  private final Database database;

  QualifiedReader(Database database) {
    this.database = database;
  }

  /**
   * The expression with schemas.
   *
   * @param from what it is computed from, as it stands behind FROM
   * @param usable whether it may stand where the expression is to stand
   * @return the expression itself if no other form is the same and can be used
   */
  String read(String expression, String from, Predicate<String> usable) {
    String written = read(expression, from).orElse(null);
    if (written == null) {
      return expression; // such as what no view can have
    }
    for (String candidate : new String[] {named(written), written}) {
      if (isSame(candidate, from, written) && usable.test(candidate)) {
        return candidate;
      }
    }
    return expression;
  }

  /**
   * What the server wrote with {@code search_path = pg_catalog}, with the schema of what is its
   * own.
   *
   * @param expression that is computed from nothing, as a default is
   * @return the expression itself if no other form is the same
   */
  String ofCatalog(String expression) {
    String named = named(expression);
    if (named.equals(expression)) {
      return expression;
    }
    String none = "(SELECT 1) AS none";
    return database.andRollBack(
        () -> {
          database.searchPath().set("pg_catalog");
          return read(expression, none).filter(it -> isSame(named, none, it)).isPresent()
              ? named
              : expression;
        });
  }

  private Optional<String> read(String expression, String from) {
    try {
      return Optional.of(written(expression, from));
    } catch (DataAccessException ex) {
      return Optional.empty();
    }
  }

  private String named(String written) {
    try {
      return QualifiedCalls.of(written, keywords());
    } catch (MalformedSqlException ex) {
      return written;
    }
  }

  private boolean isSame(String candidate, String from, String written) {
    return read(candidate, from).filter(written::equals).isPresent();
  }

  private String written(String expression, String from) {
    String alias = "value";
    while (expression.contains(alias)) {
      alias += "_";
    }
    String name = Identifiers.quote(alias + " of it");
    String definition =
        database.andRollBack(
            () -> {
              database.execute(
                  "CREATE VIEW %s AS SELECT (%s) AS %s FROM %s"
                      .formatted(VIEW, expression, name, from));
              database.searchPath().set("pg_catalog");
              database.execute("SET LOCAL datestyle = 'ISO'; SET LOCAL intervalstyle = 'postgres'");
              return database
                  .jdbc()
                  .sql("SELECT pg_catalog.pg_get_viewdef(?::regclass, false)")
                  .param(VIEW)
                  .query(String.class)
                  .single();
            });
    String whole = definition.strip();
    int end = whole.indexOf(" AS " + name);
    if (!whole.startsWith("SELECT") || end < 0) {
      return expression;
    }
    return whole.substring("SELECT".length(), end).strip();
  }

  private Set<String> keywords() {
    return database
        .jdbc()
        .sql("SELECT word FROM pg_catalog.pg_get_keywords() WHERE catcode IN ('C', 'R')")
        .query(String.class)
        .set();
  }
}
