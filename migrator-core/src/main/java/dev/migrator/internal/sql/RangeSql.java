package dev.migrator.internal.sql;

/**
 * The statements that work on a range of a table's blocks. A predicate on {@code ctid} is a TID
 * range scan with any statistics, and needs no key.
 *
 * @param table the table's object id
 * @param name the table's name, for messages
 * @param estimatedRows how many rows it has by its statistics
 * @param from the table or partition that is worked on, quoted
 * @param alias what it is called in the statements, quoted: always the name of the table, by which
 *     a transform may call it
 * @param assignments what the update sets
 * @param disagrees which rows need it
 * @param userTriggers whether the triggers of the table fire on what is written
 */
public record RangeSql(
    long table,
    String name,
    long estimatedRows,
    String from,
    String alias,
    String assignments,
    String disagrees,
    boolean userTriggers) {

  /** One behind the last that a table can have. */
  private static final long NO_BLOCK = 0xFFFF_FFFFL;

  /** The same for a partition of the table, or for itself. */
  public RangeSql of(long relation, String source) {
    return new RangeSql(
        relation, name, estimatedRows, source, alias, assignments, disagrees, userTriggers);
  }

  /** Writes those rows of the blocks from the first to before the second that need it. */
  public String update(long first, long end) {
    return update(first, end, Share.ALL);
  }

  /** The same for a share of them. */
  public String update(long first, long end, Share share) {
    return "UPDATE ONLY %s SET %s WHERE %s"
        .formatted(target(), assignments, needing(first, end, share));
  }

  /**
   * The same without rows that another session has locked. The places are collected before any row
   * is written, so that the rows are found by a list and not by a join.
   */
  public String updateUnlocked(long first, long end, Share share) {
    return "UPDATE ONLY %s SET %s WHERE ctid = ANY (ARRAY(SELECT ctid FROM ONLY %s WHERE %s FOR NO KEY UPDATE SKIP LOCKED)) AND %s"
        .formatted(target(), assignments, target(), needing(first, end, share), disagrees);
  }

  /** The runs of blocks, each from its first to behind its last, that have rows which need it. */
  public String needy(long first, long end) {
    return """
        SELECT min(block) AS first_block, max(block) + 1 AS end_block
          FROM (SELECT block, block - row_number() OVER (ORDER BY block) AS run
                  FROM (SELECT DISTINCT (ctid::text::point)[0]::bigint AS block FROM ONLY %s WHERE %s) AS blocks) AS runs
         GROUP BY run ORDER BY 1"""
        .formatted(target(), needing(first, end, Share.ALL));
  }

  /** Counts the rows of those blocks, and those of them that disagree. */
  public String count(long first, long end) {
    return "SELECT count(*) AS counted, count(*) FILTER (WHERE %s) AS differing FROM ONLY %s WHERE %s"
        .formatted(disagrees, target(), blocks(first, end));
  }

  /** The same of all blocks that there are when it is run. */
  public String countAll() {
    return count(0, NO_BLOCK);
  }

  /** Counts the rows of the whole table, and those of them that disagree, in one snapshot. */
  public String compareAll() {
    return "SELECT count(*) AS counted, count(*) FILTER (WHERE %s) AS differing FROM %s"
        .formatted(disagrees, target());
  }

  /** The rows of a block, each by its place and by an expression that names it. */
  public String rows(long block, String key) {
    return "SELECT ctid::text AS place, %s AS key FROM ONLY %s WHERE %s"
        .formatted(key, target(), blocks(block, block + 1));
  }

  /** Writes the row at a place if it needs it. */
  public String updateRow(String place) {
    return "UPDATE ONLY %s SET %s WHERE ctid = %s::tid AND %s"
        .formatted(target(), assignments, Identifiers.literal(place), disagrees);
  }

  /** Computes the row at a place without writing it. */
  public String computeRow(String place) {
    return "SELECT %s FROM ONLY %s WHERE ctid = %s::tid"
        .formatted(disagrees, target(), Identifiers.literal(place));
  }

  private String target() {
    return from + " AS " + alias;
  }

  private String needing(long first, long end, Share share) {
    return blocks(first, end) + share.predicate() + " AND " + disagrees;
  }

  private static String blocks(long first, long end) {
    return "ctid >= '(%d,0)'::tid AND ctid < '(%d,0)'::tid".formatted(first, end);
  }

  /**
   * A share of the rows of every block, chosen by their places: of each block as many as of any
   * other, or one more. It is the last byte of a place by which they are told apart.
   *
   * @param number which one, from 0
   * @param of how many there are
   */
  public record Share(int number, int of) {

    /** All rows. */
    public static final Share ALL = new Share(0, 1);

    private String predicate() {
      return (of == 1)
          ? ""
          : " AND pg_catalog.get_byte(pg_catalog.tidsend(ctid), 5) %% %d = %d"
              .formatted(of, number);
    }
  }
}
