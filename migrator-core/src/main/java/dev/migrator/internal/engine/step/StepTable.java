package dev.migrator.internal.engine.step;

import dev.migrator.internal.catalog.TableFacts;
import org.jspecify.annotations.Nullable;

/**
 * The table that a step works on.
 *
 * @param oid its object id
 * @param quoted its name, quoted
 * @param rows how many rows it has by its statistics; {@code null} if it was never analysed
 */
public record StepTable(long oid, String quoted, @Nullable Long rows) {

  /** That of a step; {@code null} if it is not known, or not there yet. */
  public static @Nullable StepTable of(@Nullable TableFacts table) {
    return (table == null || table.oid() == 0)
        ? null
        : new StepTable(
            table.oid(),
            table.quoted(),
            (table.estimatedRows() == 0) ? null : table.estimatedRows());
  }
}
