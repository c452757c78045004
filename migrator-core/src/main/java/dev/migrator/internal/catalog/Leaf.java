package dev.migrator.internal.catalog;

/**
 * A table that rows of a table lie in: the table itself, or one of its partitions.
 *
 * @param oid its object id
 * @param quoted its name, quoted
 * @param attachment by what it belongs to the table: another text once it was detached and attached
 *     again, as rows may have been written meanwhile that nothing kept in step
 * @param file its file: another one once its rows were written anew as a whole, by which they may
 *     have moved from blocks that were to come into blocks that were done
 */
public record Leaf(long oid, String quoted, String attachment, long file) {

  /** What work on its blocks goes by: if it changes, that work begins anew. */
  public String mark() {
    return attachment + ":" + file;
  }
}
