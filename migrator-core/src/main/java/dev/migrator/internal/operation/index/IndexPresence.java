package dev.migrator.internal.operation.index;

import dev.migrator.error.ErrorCode;
import dev.migrator.internal.catalog.IndexFacts;
import dev.migrator.internal.catalog.IndexShape;
import dev.migrator.internal.catalog.PartitionedIndex;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.Resolution;
import dev.migrator.internal.sql.IndexName;
import java.util.Optional;

/** Whether an index is there already that an operation is to make. */
public final class IndexPresence {

  private IndexPresence() {}

  /**
   * One that is there but not valid will be dropped and built again, so it must be this one.
   *
   * @throws dev.migrator.error.InvalidMigrationException if the name is that of something else
   */
  public static boolean check(
      Resolution resolution, IndexName name, IndexShape shape, TableFacts table) {
    Optional<IndexFacts> present = resolution.constraints().index(name);
    if (present.isEmpty()) {
      return false;
    }
    IndexFacts facts = present.get();
    if (facts.table() != table.oid()) {
      throw resolution.invalid(
          ErrorCode.NAME_TAKEN,
          "the name \"%s\" is taken in schema %s; choose another name"
              .formatted(name.name(), name.schema()));
    }
    if (!facts.is(shape)) {
      throw resolution
          .tables()
          .taken(
              "index", name.name(), table, (facts.unique() ? "unique " : "") + facts.definition());
    }
    if (table.partitioned() && !facts.valid()) {
      throw resolution.invalid(
          ErrorCode.OBJECT_DIFFERS, PartitionedIndex.notWhole(name, table.toString()));
    }
    return facts.valid();
  }
}
