package dev.migrator.internal.catalog;

import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Mentions;
import dev.migrator.internal.sql.RowCode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

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
   * @param what how it uses it, for people
   */
  public record Use(String name, String plain, String what) {}

  /** Whether there is any function that {@link #of} could find. */
  public boolean isAny() {
    return database
        .jdbc()
        .sql(
            """
            SELECT EXISTS (SELECT FROM pg_catalog.pg_proc p
                             JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
                             JOIN pg_catalog.pg_language l ON l.oid = p.prolang
                            WHERE %s)
                OR EXISTS (SELECT FROM pg_catalog.pg_trigger
                            WHERE NOT tgisinternal AND tgenabled <> 'D' AND tgnargs > 0)
            """
                .formatted(UserFunctions.READABLE))
        .query(Boolean.class)
        .single();
  }

  /**
   * Those that name a column beside its table, that are triggers of the table and name the column,
   * or that write or read the table without naming columns.
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
                "names \"%s\" in line %d of its text"
                    .formatted(name, mentions.line(name).getAsInt())));
        continue;
      }
      OptionalInt places = RowCode.of(candidate.body).usesPlaces(table);
      if (places.isPresent()) {
        uses.add(
            new Use(
                candidate.signature,
                candidate.name,
                "counts on the places of all columns in line %d of its text"
                    .formatted(places.getAsInt())));
      }
    }
    for (TriggerArguments given : TriggerArguments.on(database, table)) {
      boolean known = uses.stream().anyMatch(it -> it.name.equals(given.signature()));
      if (!known && given.name(table, name)) {
        uses.add(
            new Use(
                given.signature(),
                given.function(),
                "gets \"%s\" as an argument of the trigger %s of table %s"
                    .formatted(name, given.trigger(), given.table())));
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
            WITH RECURSIVE tree(oid) AS (
              SELECT oid FROM pg_catalog.pg_class WHERE relname = :table AND relkind IN ('r', 'p')
              UNION SELECT i.inhrelid FROM tree JOIN pg_catalog.pg_inherits i ON i.inhparent = tree.oid)
            SELECT p.oid::regprocedure::text AS signature, n.nspname || '.' || p.proname AS name, p.prosrc,
                   t.of_table
              FROM pg_catalog.pg_proc p
              JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
              JOIN pg_catalog.pg_language l ON l.oid = p.prolang
             CROSS JOIN LATERAL (
                     SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger t JOIN tree ON tree.oid = t.tgrelid
                                     WHERE t.tgfoid = p.oid AND NOT t.tgisinternal)) AS t(of_table)
             WHERE p.prosqlbody IS NULL AND %s
               AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                                WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
               AND (t.of_table OR strpos(lower(p.prosrc), lower(:table)) > 0
                    OR strpos(lower(p.prosrc), lower(replace(:table, '"', '""'))) > 0)
             ORDER BY 1
            """
                .formatted(UserFunctions.READABLE))
        .param("table", table)
        .query(
            (rs, row) ->
                new Candidate(
                    rs.getString("signature"),
                    rs.getString("name"),
                    rs.getString("prosrc"),
                    rs.getBoolean("of_table")))
        .list();
  }

  private record Candidate(String signature, String name, String body, boolean ofTable) {}
}
