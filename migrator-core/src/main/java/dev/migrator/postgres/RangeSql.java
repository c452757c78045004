package dev.migrator.postgres;

/**
 * The statements that work on a range of a table's blocks. A predicate on {@code ctid} is a TID
 * range scan whatever the statistics say, and needs no key.
 *
 * @param table the table's object id
 * @param name the table's name, for messages
 * @param estimatedRows how many rows it has by its statistics
 * @param from the table, quoted
 * @param assignments what the update sets
 * @param disagrees which rows need it
 */
public record RangeSql(
    long table,
    String name,
    long estimatedRows,
    String from,
    String assignments,
    String disagrees) {

  /** Tells our triggers, for the current transaction, that this is the backfill. */
  public String mark() {
    return "SELECT set_config('%s', 'on', true)".formatted(TriggerSql.BACKFILL_MARK);
  }

  /** Writes those rows of the blocks from the first to before the second that need it. */
  public String update(long first, long end) {
    return "UPDATE ONLY %s SET %s WHERE %s AND %s"
        .formatted(from, assignments, blocks(first, end), disagrees);
  }

  /** Counts the rows of those blocks, and those of them that disagree. */
  public String count(long first, long end) {
    return "SELECT count(*) AS counted, count(*) FILTER (WHERE %s) AS differing FROM ONLY %s WHERE %s"
        .formatted(disagrees, from, blocks(first, end));
  }

  /** The rows of a block, each by its place and by an expression that names it. */
  public String rows(long block, String key) {
    return "SELECT ctid::text AS place, %s AS key FROM ONLY %s WHERE %s"
        .formatted(key, from, blocks(block, block + 1));
  }

  /** Writes the row at a place, if it needs it. */
  public String updateRow(String place) {
    return "UPDATE ONLY %s SET %s WHERE ctid = %s::tid AND %s"
        .formatted(from, assignments, Identifiers.literal(place), disagrees);
  }

  private static String blocks(long first, long end) {
    return "ctid >= '(%d,0)'::tid AND ctid < '(%d,0)'::tid".formatted(first, end);
  }
}
