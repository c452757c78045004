package dev.migrator.check.internal.read;

import dev.migrator.check.internal.read.ColumnDefinition.Generation;
import dev.migrator.plan.Work;
import org.jspecify.annotations.Nullable;

/**
 * What is done to a table that gets a column.
 *
 * @param work the work under its lock
 * @param unsure what cannot be told; {@code null} if nothing
 */
public record ColumnClaims(Work work, @Nullable String unsure) {

  /** Reads it off what is said of the column. */
  public static ColumnClaims of(@Nullable ColumnDefinition column) {
    if (column == null) {
      return new ColumnClaims(Work.UNKNOWN, "the column was not understood");
    }
    Volatility volatility =
        (column.defaultValue() == null)
            ? Volatility.CONSTANT
            : Volatility.of(column.defaultValue());
    if (column.serial()
        || column.generation() == Generation.IDENTITY
        || column.generation() == Generation.STORED
        || volatility == Volatility.VOLATILE) {
      return new ColumnClaims(Work.REWRITE, null);
    }
    if (volatility == Volatility.UNKNOWN) {
      return new ColumnClaims(
          Work.UNKNOWN, "whether the default has one value for all rows depends on its functions");
    }
    if (!Types.isBuiltIn(column.type())) {
      return new ColumnClaims(
          Work.UNKNOWN, "a domain with a constraint would be checked on every row");
    }
    if (column.primaryKey() || column.unique()) {
      return new ColumnClaims(Work.BUILD, null);
    }
    boolean empty = column.defaultValue() == null;
    boolean verified = column.check() || (column.notNull() && empty);
    boolean referred = column.references() != null && !empty;
    return new ColumnClaims(verified || referred ? Work.SCAN : Work.NOTHING, null);
  }
}
