package dev.migrator.postgres;

import java.util.List;
import java.util.Map;

/**
 * A new index.
 *
 * @param index its name
 * @param shape what it is
 * @param present whether it is there already
 */
public record IndexRecipe(TableFacts table, IndexName index, IndexShape shape, boolean present)
    implements ResolvedRecipe {

  public String build() {
    return shape.build(index.name(), table.quoted());
  }

  /** The same for a partitioned table. */
  public PartitionedIndex partitioned() {
    return new PartitionedIndex(
        table.oid(), table.quoted(), index, shape.definition(), Map.of(), null);
  }

  public List<String> undo() {
    return present ? List.of() : List.of(index.drop());
  }

  public RowsInTheWay duplicates() {
    return duplicates(table, shape);
  }

  static RowsInTheWay duplicates(TableFacts table, IndexShape shape) {
    String find = shape.duplicates(table.quoted());
    return new RowsInTheWay(
        "SELECT count(*) FROM (%s) AS duplicates".formatted(find),
        "groups of rows of %s have the same values where they shall be unique; make them different or delete all but one of each; find them by: %s"
            .formatted(table, find));
  }
}
