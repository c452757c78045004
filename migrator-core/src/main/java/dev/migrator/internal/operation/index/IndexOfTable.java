package dev.migrator.internal.operation.index;

import dev.migrator.error.ErrorCode;
import dev.migrator.internal.catalog.IndexFacts;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.Resolution;
import dev.migrator.internal.sql.IndexName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An index that a declaration names must be there, and be one of its table. */
final class IndexOfTable {

  private IndexOfTable() {}

  /**
   * Requires it.
   *
   * @param facts what the catalog has under that name
   * @throws dev.migrator.error.InvalidMigrationException if that is nothing, or of another table
   */
  static IndexFacts require(
      Resolution resolution, TableFacts table, IndexName name, @Nullable IndexFacts facts) {
    if (facts == null) {
      List<String> names = resolution.constraints().indexNames(table.oid());
      throw resolution.invalid(
          ErrorCode.UNKNOWN_INDEX,
          "%s has no index \"%s\"; it has %s"
              .formatted(table, name.name(), names.isEmpty() ? "none" : String.join(", ", names)));
    }
    if (facts.table() != table.oid()) {
      throw resolution.invalid(
          ErrorCode.UNKNOWN_INDEX, "\"%s\" is not an index of %s".formatted(name.name(), table));
    }
    return facts;
  }
}
