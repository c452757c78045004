package dev.migrator.internal.catalog;

import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.IndexName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads which parts of an index of a partitioned table exist. For use in transactions. */
public final class PartitionedIndexReader {

  private static final String ALIKE =
      """
      NOT i.indisunique
        AND substr(pg_get_indexdef(x.oid), strpos(pg_get_indexdef(x.oid), ' USING ' || am.amname) + 7) = :definition
      """;

  private final Database database;

  public PartitionedIndexReader(Database database) {
    this.database = database;
  }

  /** Whether it is there, as a whole; empty if there is nothing of that name on the table. */
  public Optional<Boolean> isValid(PartitionedIndex index) {
    return database
        .jdbc()
        .sql(
            """
            SELECT indisvalid AND indisready FROM pg_index
             WHERE indexrelid = to_regclass(?) AND indrelid = ?::oid
            """)
        .params(index.index().quoted(), index.table())
        .query(Boolean.class)
        .optional();
  }

  /** The partitions at all depths, in the order of their object ids. */
  public List<Partition> partitions(PartitionedIndex index) {
    // Definitions must qualify every name, as the requested one does.
    database.execute("SET LOCAL search_path = pg_catalog");
    Map<Long, Partition> found = new LinkedHashMap<>();
    database
        .jdbc()
        .sql(
            LeafReader.TREE
                + """
                SELECT c.oid, n.nspname, c.relname, c.relkind <> 'p' AS leaf, x.oid AS own_oid, x.relname AS own,
                       i.indisvalid AND i.indisready AS complete, %s AS alike
                  FROM tree t JOIN pg_class c ON c.oid = t.oid JOIN pg_namespace n ON n.oid = c.relnamespace
                  LEFT JOIN (pg_index i JOIN pg_class x ON x.oid = i.indexrelid AND NOT x.relispartition
                             JOIN pg_am am ON am.oid = x.relam) ON i.indrelid = c.oid
                 WHERE c.oid <> :table::oid
                 ORDER BY c.oid, x.oid
                """
                    .formatted(ALIKE))
        .param("table", index.table())
        .param("definition", index.definition())
        .query(
            rs -> {
              Partition partition =
                  new Partition(
                      rs.getLong("oid"),
                      rs.getString("nspname"),
                      rs.getString("relname"),
                      rs.getBoolean("leaf"),
                      (rs.getString("own") == null)
                          ? List.of()
                          : List.of(
                              new Partition.Own(
                                  rs.getLong("own_oid"),
                                  rs.getString("own"),
                                  rs.getBoolean("complete"),
                                  rs.getBoolean("alike"))));
              found.merge(partition.oid(), partition, PartitionedIndexReader::both);
            });
    return List.copyOf(found.values());
  }

  private static Partition both(Partition one, Partition other) {
    List<Partition.Own> own = new ArrayList<>(one.own());
    own.addAll(other.own());
    return new Partition(one.oid(), one.schema(), one.name(), one.leaf(), own);
  }

  /** The object id of a table; 0 if there is none. */
  public long table(String quoted) {
    return database
        .jdbc()
        .sql("SELECT coalesce(to_regclass(?)::oid, 0)")
        .param(quoted)
        .query(Long.class)
        .single();
  }

  /** Whether any object has a name. */
  public boolean isTaken(IndexName name) {
    return database
        .jdbc()
        .sql("SELECT to_regclass(?) IS NOT NULL")
        .param(name.quoted())
        .query(Boolean.class)
        .single();
  }

  /**
   * The parts of an index, by the object ids of their tables; the whole of it is not among them.
   */
  public Map<Long, Partition.Own> parts(IndexName index) {
    Map<Long, Partition.Own> parts = new HashMap<>();
    database
        .jdbc()
        .sql(
            PartNames.TREE.formatted(":index")
                + """
                SELECT i.indrelid, x.oid, x.relname, i.indisvalid
                  FROM part p JOIN pg_index i ON i.indexrelid = p.oid JOIN pg_class x ON x.oid = p.oid
                 WHERE p.depth > 0
                """)
        .param("index", index.quoted())
        .query(
            rs -> {
              parts.put(
                  rs.getLong("indrelid"),
                  new Partition.Own(
                      rs.getLong("oid"),
                      rs.getString("relname"),
                      rs.getBoolean("indisvalid"),
                      true));
            });
    return parts;
  }

  /** Their names. */
  public Map<Long, String> partNames(IndexName index) {
    Map<Long, String> names = new HashMap<>();
    parts(index).forEach((table, part) -> names.put(table, part.name()));
    return names;
  }
}
