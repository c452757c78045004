package dev.migrator.internal.catalog;

import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.IndexName;
import dev.migrator.internal.sql.ObjectNames;

/**
 * The names of the parts of an index of a partitioned table. Which parts it has is asked in the
 * transaction that changes the names, as partitions come and go.
 *
 * @param index the index
 */
public record PartNames(IndexName index) {

  /** An index, as an expression gives its name, with all of its parts and how deep they are. */
  static final String TREE =
      """
      WITH RECURSIVE part(oid, depth) AS (
        SELECT to_regclass(%s)::oid, 0
        UNION ALL SELECT i.inhrelid, p.depth + 1 FROM part p JOIN pg_inherits i ON i.inhparent = p.oid)
      """;

  /** Drops it, and gives its name and those of its parts to another index of the same table. */
  public String replacedBy(IndexName other) {
    return block(
        """
        DECLARE
          names CONSTANT jsonb := (
            %s SELECT jsonb_object_agg(x.indrelid, c.relname)
                 FROM part p JOIN pg_index x ON x.indexrelid = p.oid JOIN pg_class c ON c.oid = p.oid);
          renaming record;
        BEGIN
          DROP INDEX %s;
          FOR renaming IN
            %s SELECT x.indexrelid::regclass AS made, names ->> x.indrelid::text AS name
                 FROM part p JOIN pg_index x ON x.indexrelid = p.oid
                WHERE names ->> x.indrelid::text IS NOT NULL
          LOOP
            EXECUTE format('ALTER INDEX %%s RENAME TO %%I', renaming.made, renaming.name);
          END LOOP;
        END"""
            .formatted(tree(index), index.quoted(), tree(other)));
  }

  /**
   * Gives it another name, and its parts the names that go with that by {@link ObjectNames}.
   * Nothing happens if it was dropped meanwhile.
   */
  public String renamed(String name) {
    return block(
        """
        DECLARE
          renaming record;
        BEGIN
          FOR renaming IN
            %s SELECT x.indexrelid::regclass AS made,
                      %s || CASE WHEN c.relispartition THEN '_' || x.indrelid ELSE '' END AS name
                 FROM part p JOIN pg_index x ON x.indexrelid = p.oid JOIN pg_class c ON c.oid = p.oid
          LOOP
            EXECUTE format('ALTER INDEX %%s RENAME TO %%I', renaming.made, renaming.name);
          END LOOP;
        END"""
            .formatted(tree(index), Identifiers.literal(name)));
  }

  private static String block(String body) {
    return "DO " + Identifiers.dollarQuoted(body);
  }

  private static String tree(IndexName index) {
    return TREE.formatted(Identifiers.literal(index.quoted()));
  }
}
