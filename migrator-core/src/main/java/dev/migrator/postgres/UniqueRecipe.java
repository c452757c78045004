package dev.migrator.postgres;

import java.util.List;

/**
 * A new unique constraint.
 *
 * @param index its name, which is that of its index
 * @param shape what its index is
 * @param indexPresent whether its index is there already
 * @param present whether the constraint is there already
 */
public record UniqueRecipe(
    TableFacts table, IndexName index, IndexShape shape, boolean indexPresent, boolean present)
    implements ResolvedRecipe {

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

  public RowsInTheWay duplicates() {
    return IndexRecipe.duplicates(table, shape);
  }
}
