package dev.migrator.internal.operation.index;

import dev.migrator.internal.catalog.IndexShape;
import dev.migrator.internal.catalog.PartitionedIndex;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.ResolvedOperation;
import dev.migrator.internal.sql.IndexName;
import dev.migrator.internal.sql.ViolatingRows;
import java.util.List;
import java.util.Map;

/**
 * A new index.
 *
 * @param index its name
 * @param shape what it is
 * @param present whether it is there already
 */
public record ResolvedIndex(TableFacts table, IndexName index, IndexShape shape, boolean present)
    implements ResolvedOperation {

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

  public ViolatingRows duplicates() {
    return duplicates(table, shape);
  }

  public static ViolatingRows duplicates(TableFacts table, IndexShape shape) {
    String find = shape.duplicates(table.quoted());
    return new ViolatingRows(
        "SELECT count(*) FROM (%s) AS duplicates".formatted(find),
        "groups of rows of %s have the same values where they shall be unique; make them different or delete all but one of each; find them by: %s"
            .formatted(table, find));
  }
}
