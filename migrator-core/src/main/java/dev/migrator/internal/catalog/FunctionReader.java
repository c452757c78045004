package dev.migrator.internal.catalog;

import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Mentions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Finds functions whose text names a column. The catalog knows nothing of it: they fail only when
 * they run and the column is gone.
 *
 * @param database the database
 */
public record FunctionReader(Database database) {

  /**
   * A function that names something.
   *
   * @param name the function with its schema and argument types, as {@code regprocedure} writes it
   * @param plain its name with its schema alone
   * @param where a line of its text, or a trigger whose arguments name it
   */
  public record Use(String name, String plain, String where) {}

  /**
   * Those that name a column beside its table, or that are triggers of the table and name the
   * column.
   *
   * @param table the literal name of the table
   * @param name the literal name of the column, or of the table itself
   */
  public List<Use> of(String table, String name) {
    List<Use> uses = new ArrayList<>();
    for (Candidate candidate : candidates(table)) {
      Mentions mentions = Mentions.in(candidate.body);
      boolean meant = candidate.ofTable || mentions.contain(table);
      if (meant && mentions.line(name).isPresent()) {
        uses.add(
            new Use(
                candidate.signature,
                candidate.name,
                "line " + mentions.line(name).getAsInt() + " of its text"));
      } else if (candidate.arguments.contains(name)) {
        uses.add(
            new Use(
                candidate.signature, candidate.name, "an argument of a trigger of table " + table));
      }
    }
    return uses;
  }

  /** Those whose text the server does not analyze when they are made, ours left out. */
  private List<Candidate> candidates(String table) {
    return database
        .jdbc()
        .sql(
            """
            SELECT p.oid::regprocedure::text AS signature, n.nspname || '.' || p.proname AS name, p.prosrc,
                   t.arguments IS NOT NULL AS of_table, coalesce(t.arguments, '{}') AS arguments
              FROM pg_catalog.pg_proc p
              JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
              JOIN pg_catalog.pg_language l ON l.oid = p.prolang
              LEFT JOIN LATERAL (
                     SELECT array_agg(encode(t.tgargs, 'hex')) AS arguments
                       FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
                      WHERE t.tgfoid = p.oid AND NOT t.tgisinternal AND c.relname = :table
                     HAVING count(*) > 0) AS t ON true
             WHERE l.lanname NOT IN ('c', 'internal') AND p.prosqlbody IS NULL
               AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'migrator')
               AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                                WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
               AND (t.arguments IS NOT NULL OR strpos(lower(p.prosrc), lower(:table)) > 0)
             ORDER BY 1
            """)
        .param("table", table)
        .query(
            (rs, row) ->
                new Candidate(
                    rs.getString("signature"),
                    rs.getString("name"),
                    rs.getString("prosrc"),
                    rs.getBoolean("of_table"),
                    arguments((String[]) rs.getArray("arguments").getArray())))
        .list();
  }

  /** The server keeps them one behind the other, each ended by a NUL. */
  private static List<String> arguments(String[] triggers) {
    List<String> arguments = new ArrayList<>();
    for (String hex : triggers) {
      String all = new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8);
      arguments.addAll(List.of(all.split("\0")));
    }
    return arguments;
  }

  private record Candidate(
      String signature, String name, String body, boolean ofTable, List<String> arguments) {}
}
