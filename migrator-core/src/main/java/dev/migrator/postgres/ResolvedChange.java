package dev.migrator.postgres;

import dev.migrator.Sync;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A change of columns with everything the catalog adds to its declaration: what SQL is made from.
 *
 * @param id the id of the migration
 * @param table the table as it is
 * @param oldSide the columns of the old side as they are; empty without a pairing
 * @param newSide the columns of the new side as they are or will be
 * @param present which columns of the new side are there already
 * @param transforms the SQL expressions by the column they compute
 * @param searchPath the schemas in which a transform finds its functions
 */
public record ResolvedChange(
    String id,
    TableFacts table,
    List<ColumnFacts> oldSide,
    List<ColumnFacts> newSide,
    Set<String> present,
    Map<String, String> transforms,
    List<String> searchPath) {

  public ResolvedChange {
    oldSide = List.copyOf(oldSide);
    newSide = List.copyOf(newSide);
    present = Set.copyOf(present);
    transforms = Map.copyOf(transforms);
    searchPath = List.copyOf(searchPath);
  }

  /** Whether the change is one column copied as it is, the plain rename. */
  public boolean isCopy() {
    return transforms.isEmpty()
        && oldSide.size() == 1
        && newSide.size() == 1
        && oldSide.get(0).type().equals(newSide.get(0).type());
  }

  /** The expression that computes a column from the other side. */
  String expression(ColumnFacts column) {
    String transform = transforms.get(column.name());
    if (transform != null) {
      return transform;
    }
    boolean onNewSide = newSide.contains(column);
    return (onNewSide ? oldSide : newSide).get(0).quoted();
  }

  public ObjectNames names() {
    return new ObjectNames(id);
  }

  static Map<String, String> transformsOf(@Nullable Sync sync) {
    return (sync == null) ? Map.of() : sync.transforms();
  }
}
