package dev.migrator.internal.catalog;

import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Mentions;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * What a trigger tells its function. Whatever the function is, one of the server's own or of an
 * extension included, that is where it can have the name of a column from: {@code
 * tsvector_update_trigger}, {@code moddatetime} and others take no other.
 *
 * @param signature the function, as {@code regprocedure} writes it
 * @param function its name with its schema alone
 * @param trigger the literal name of the trigger
 * @param table the table that has it, as {@code regclass} writes it
 * @param ofTable whether that is the table in question, or a partition of it
 * @param before whether it may change a row before it is written
 * @param readable whether the text of the function can be read
 * @param values the arguments
 */
record TriggerArguments(
    String signature,
    String function,
    String trigger,
    String table,
    boolean ofTable,
    boolean before,
    boolean readable,
    List<String> values) {

  /** Its first argument is what it writes, and the others are what it reads. */
  private static final String WRITES_FIRST = "pg_catalog.tsvector_update_trigger";

  TriggerArguments {
    values = List.copyOf(values);
  }

  /** Those of all tables, where only the name of the one in question is known. */
  static List<TriggerArguments> on(Database database, String table) {
    return on(database, "relname = :table AND relkind IN ('r', 'p')", table);
  }

  /** Those of all tables; one of the same name in another schema is another one. */
  static List<TriggerArguments> on(Database database, TableFacts table) {
    return on(database, "oid = :table::oid", String.valueOf(table.oid()));
  }

  private static List<TriggerArguments> on(Database database, String condition, String table) {
    return database
        .jdbc()
        .sql(
            """
            WITH RECURSIVE tree(oid) AS (
              SELECT oid FROM pg_catalog.pg_class WHERE %s
              UNION SELECT i.inhrelid FROM tree JOIN pg_catalog.pg_inherits i ON i.inhparent = tree.oid)
            SELECT DISTINCT t.tgfoid::regprocedure::text AS signature, n.nspname || '.' || p.proname AS function,
                   t.tgname::text, t.tgrelid::regclass::text AS on_table, t.tgrelid IN (SELECT oid FROM tree) AS of_table,
                   t.tgtype & 3 = 3 AND t.tgtype & 20 <> 0 AS before, l.lanname NOT IN ('c', 'internal') AS readable,
                   encode(t.tgargs, 'hex') AS arguments
              FROM pg_catalog.pg_trigger t
              JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
              JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
              JOIN pg_catalog.pg_language l ON l.oid = p.prolang
             WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND t.tgnargs > 0 AND n.nspname <> 'migrator'
             ORDER BY 1, 3, 4
            """
                .formatted(condition))
        .param("table", table)
        .query(
            (rs, row) ->
                new TriggerArguments(
                    rs.getString("signature"),
                    rs.getString("function"),
                    rs.getString("tgname"),
                    rs.getString("on_table"),
                    rs.getBoolean("of_table"),
                    rs.getBoolean("before"),
                    rs.getBoolean("readable"),
                    values(rs.getString("arguments"))))
        .list();
  }

  /** The server keeps them one behind the other, each ended by a NUL. */
  private static List<String> values(String hex) {
    String all = new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8);
    return List.of(all.split("\0"));
  }

  /** Whether they name a column: of another table's trigger, only beside the table. */
  boolean name(String wanted, String column) {
    return names(column) && (ofTable || names(wanted));
  }

  /** Whether it is a trigger of the table whose function may write the column, unseen. */
  boolean mayWrite(String column) {
    long written = function.startsWith(WRITES_FIRST) ? 1 : values.size();
    return ofTable
        && before
        && !readable
        && values.stream().limit(written).anyMatch(column::equals);
  }

  private boolean names(String name) {
    return values.stream().anyMatch(it -> it.equals(name) || Mentions.in(it).contain(name));
  }
}
