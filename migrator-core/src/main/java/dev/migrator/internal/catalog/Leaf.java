package dev.migrator.internal.catalog;

/**
 * A table that rows of a table lie in: the table itself, or one of its partitions.
 *
 * @param oid its object id
 * @param quoted its name, quoted
 * @param attachment by what it belongs to the table: another text once it was detached and attached
 *     again, as rows may have been written meanwhile that no trigger synchronized
 * @param file its file: another one after a rewrite, which may have moved rows from blocks that are
 *     still to come into blocks that are done
 */
public record Leaf(long oid, String quoted, String attachment, long file) {

  /** Work on its blocks starts again when this changes. */
  public String mark() {
    return attachment + ":" + file;
  }
}
