package dev.migrator.diff.internal.schema;

/**
 * The name of a table, type or sequence.
 *
 * @param schema its schema; empty for that in which unqualified names are made
 * @param name its literal name
 */
public record TableId(String schema, String name) implements Comparable<TableId> {

  /** As people write it. */
  public String text() {
    return schema.isEmpty() ? name : schema + "." + name;
  }

  @Override
  public int compareTo(TableId other) {
    return text().compareTo(other.text());
  }
}
