package dev.migrator.internal.catalog;

import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.ObjectNames;
import dev.migrator.internal.sql.SqlState;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/**
 * Has the server check the SQL of an operation before anything is changed, and write it in its
 * canonical form: on an empty table of the same shape in the library's schema, which is rolled
 * back. The user's table is not touched.
 */
public final class TableClone {

  private static final String CLONE = Identifiers.quote(ObjectNames.SCHEMA, "clone");

  /** Reading the shape of a table waits for a session that alters it. */
  private static final Duration LOCK_LIMIT = Duration.ofSeconds(1);

  private final Database database;

  private final ConstraintReader reader;

  public TableClone(Database database) {
    this.database = database;
    this.reader = new ConstraintReader(database);
  }

  /** The canonical form of the index of a unique constraint. */
  public IndexShape unique(TableFacts table, String name, List<String> columns) {
    return index(
        table,
        "constraint \"%s\"".formatted(name),
        true,
        "btree (" + Identifiers.quoteAll(columns) + ")");
  }

  /**
   * The canonical form of an index.
   *
   * @param what what it is, for messages
   * @param definition its method and what it is on, as {@code CREATE INDEX} has it behind USING
   * @throws RefusedByServerException saying what is wrong
   */
  public IndexShape index(TableFacts table, String what, boolean unique, String definition) {
    return judged(
        what,
        table,
        () -> {
          database.execute(
              "CREATE %sINDEX ON %s USING %s"
                  .formatted(unique ? "UNIQUE " : "", CLONE, definition));
          reader.pinSearchPath();
          return database
              .jdbc()
              .sql(
                  """
                  SELECT substr(pg_get_indexdef(indexrelid), strpos(pg_get_indexdef(indexrelid), ' USING ') + 7) AS definition,
                         ARRAY(SELECT pg_get_indexdef(indexrelid, n, false)
                                 FROM generate_series(1, indnkeyatts) AS n ORDER BY n) AS keys,
                         pg_get_expr(indpred, indrelid) AS predicate
                    FROM pg_index WHERE indrelid = to_regclass(?)
                  """)
              .param(CLONE)
              .query(
                  (rs, row) ->
                      new IndexShape(
                          unique,
                          rs.getString("definition"),
                          List.of((String[]) rs.getArray("keys").getArray()),
                          rs.getString("predicate")))
              .single();
        });
  }

  /** The canonical form of a CHECK: its definition, and its expression alone. */
  public List<String> check(TableFacts table, String name, String expression) {
    return judged(
        "check \"%s\"".formatted(name),
        table,
        () -> {
          database.execute(
              "ALTER TABLE %s ADD CONSTRAINT migrator_check CHECK (%s)"
                  .formatted(CLONE, expression));
          reader.pinSearchPath();
          return database
              .jdbc()
              .sql(
                  """
                  SELECT pg_get_constraintdef(oid) AS definition, pg_get_expr(conbin, conrelid) AS expression
                    FROM pg_constraint WHERE conrelid = to_regclass(?) AND conname = 'migrator_check'
                  """)
              .param(CLONE)
              .query((rs, row) -> List.of(rs.getString("definition"), rs.getString("expression")))
              .single();
        });
  }

  /** The canonical form of a default; {@code null} if it is NULL, which is none. */
  public @Nullable String defaultOf(TableFacts table, ColumnFacts column, String expression) {
    return judged(
        "default of \"%s\" (%s)".formatted(column.name(), column.type()),
        table,
        () -> {
          database.execute(
              "ALTER TABLE %s ALTER COLUMN %s SET DEFAULT (%s)"
                  .formatted(CLONE, column.quoted(), expression));
          reader.pinSearchPath();
          return database
              .jdbc()
              .sql(
                  """
                  SELECT pg_get_expr(d.adbin, d.adrelid)
                    FROM pg_attribute a
                    JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                   WHERE a.attrelid = to_regclass(?) AND a.attname = ?
                  """)
              .params(CLONE, column.name())
              .query(String.class)
              .optional()
              .orElse(null);
        });
  }

  /**
   * Lets the server plan statements, and run none of them.
   *
   * @param what whose they are, for messages
   * @param statements those that need no table
   * @param onClone those that need one of the same shape, by its name
   */
  public void plan(
      String what,
      TableFacts table,
      List<String> statements,
      Function<String, List<String>> onClone) {
    judged(
        what,
        table,
        () -> {
          statements.forEach(this::explain);
          onClone.apply(CLONE).forEach(this::explain);
          return true;
        });
  }

  /**
   * Has statements tried on an empty table of the same shape.
   *
   * @param what whose they are, for messages
   * @param including what of the table it is to have as well, as LIKE writes it
   * @param work gets the name of that table, and says what became of it
   * @throws RefusedByServerException saying what is wrong
   */
  public <T> T tried(String what, TableFacts table, String including, Function<String, T> work) {
    return judged(what, table, including, () -> work.apply(CLONE));
  }

  private void explain(String sql) {
    database.query("EXPLAIN " + sql, (rs, row) -> row);
  }

  private <T extends @Nullable Object> T judged(String what, TableFacts table, Supplier<T> work) {
    return judged(what, table, "", work);
  }

  private <T extends @Nullable Object> T judged(
      String what, TableFacts table, String including, Supplier<T> work) {
    try {
      return database.andRollBack(
          () -> {
            database.lockTimeout(LOCK_LIMIT);
            database.execute(
                "CREATE TABLE %s (LIKE %s %s)".formatted(CLONE, table.quoted(), including));
            return work.get();
          });
    } catch (DataAccessException ex) {
      if (SqlState.isContention(ex)) {
        throw ex; // not caused by the declaration
      }
      throw new RefusedByServerException(
          "the %s is not valid for %s: %s; the table has %s"
              .formatted(
                  what,
                  table,
                  SqlState.describe(ex),
                  String.join(
                      ", ",
                      table.columns().stream()
                          .map(it -> it.name() + " (" + it.type() + ")")
                          .toList())));
    }
  }

  /** Whether SQL may name a column: its name occurs in it. */
  public static boolean mentions(String sql, String column) {
    return sql.toLowerCase(Locale.ROOT).contains(column.toLowerCase(Locale.ROOT));
  }
}
