package dev.migrator.internal.catalog;

import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.ObjectNames;
import java.util.List;

/** Our triggers that fill the rows which are not copied yet, and whether they have to. */
public final class FillTriggers {

  private final Database database;

  public FillTriggers(Database database) {
    this.database = database;
  }

  /**
   * Those that rest, and those that may: of a copy, whose function pins no path, in a table without
   * partitions, of which one could be attached whose rows are not copied. Not where somebody has
   * set when ours fire, nor where another trigger changes rows.
   *
   * @param suffix how their names end
   * @param update how the name ends of the one that looks at updates of the columns
   * @param old how the name ends of the one beside it that looks at those of the old side
   */
  public List<Fill> all(String suffix, String update, String old) {
    return database
        .jdbc()
        .sql(
            """
            SELECT name, rests, split FROM (
              SELECT f.tgname::text AS name, f.tgtype & 32 <> 0 AS rests, o.oid IS NOT NULL AS split,
                     f.tgtype & 16 <> 0 AND f.tgenabled = 'O' AND u.tgenabled = 'O' AND coalesce(o.tgenabled, 'O') = 'O' AND u.tgattr::text <> ''
                       AND c.relkind = 'r' AND NOT c.relispartition AND p.proconfig IS NULL AS may_rest
                FROM pg_catalog.pg_trigger f
                JOIN pg_catalog.pg_class c ON c.oid = f.tgrelid
                JOIN pg_catalog.pg_proc p ON p.oid = f.tgfoid
                JOIN pg_catalog.pg_trigger u ON u.tgrelid = f.tgrelid
                 AND u.tgname::text = left(f.tgname::text, -length(%2$s)) || %3$s
                LEFT JOIN pg_catalog.pg_trigger o ON o.tgrelid = f.tgrelid
                 AND o.tgname::text = left(f.tgname::text, -length(%2$s)) || %4$s
               WHERE starts_with(f.tgname::text, %1$s) AND right(f.tgname::text, length(%2$s)) = %2$s) AS fills
             WHERE rests OR may_rest
            """
                .formatted(
                    Identifiers.literal(ObjectNames.PREFIX),
                    Identifiers.literal(suffix),
                    Identifiers.literal(update),
                    Identifiers.literal(old)))
        .query(
            (rs, row) ->
                new Fill(rs.getString("name"), rs.getBoolean("rests"), rs.getBoolean("split")))
        .list();
  }

  /**
   * One of them.
   *
   * @param name its name
   * @param rests whether it rests, and may otherwise
   * @param split whether the old side has a trigger of its own beside it
   */
  public record Fill(String name, boolean rests, boolean split) {}
}
