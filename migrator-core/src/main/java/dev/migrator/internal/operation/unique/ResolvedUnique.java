package dev.migrator.internal.operation.unique;

import dev.migrator.internal.catalog.IndexShape;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.ResolvedOperation;
import dev.migrator.internal.operation.index.ResolvedIndex;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.IndexName;
import dev.migrator.internal.sql.TableLock;
import dev.migrator.internal.sql.ViolatingRows;
import java.util.List;

/**
 * A new unique constraint.
 *
 * @param index its name, which is that of its index
 * @param shape what its index is
 * @param indexPresent whether its index is there already
 * @param present whether the constraint is there already
 */
public record ResolvedUnique(
    TableFacts table, IndexName index, IndexShape shape, boolean indexPresent, boolean present)
    implements ResolvedOperation {

  public String build() {
    return shape.build(index.name(), table.quoted());
  }

  public List<TableLock> lock() {
    return List.of(new TableLock(table.quoted(), TableLock.Mode.ACCESS_EXCLUSIVE));
  }

  /** Takes the index, so that nothing is built under the lock. */
  public String add() {
    String name = Identifiers.quote(index.name());
    return "ALTER TABLE %s ADD CONSTRAINT %s UNIQUE USING INDEX %s"
        .formatted(table.quoted(), name, name);
  }

  public String undoAdd() {
    return "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s"
        .formatted(table.quoted(), Identifiers.quote(index.name()));
  }

  public ViolatingRows duplicates() {
    return ResolvedIndex.duplicates(table, shape);
  }
}
