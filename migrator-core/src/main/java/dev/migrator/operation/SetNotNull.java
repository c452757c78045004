package dev.migrator.operation;

import dev.migrator.Phase;
import dev.migrator.TableName;
import dev.migrator.internal.Names;
import org.jspecify.annotations.Nullable;

/**
 * A column becomes NOT NULL. See {@link dev.migrator.OnTable#setNotNull}.
 *
 * @param table the table
 * @param column the literal name of the column
 * @param fillNullsWith what takes the place of NULL, as SQL writes it; {@code null} if nothing does
 * @param stopFilling whether the code of this release never writes NULL
 */
public record SetNotNull(
    TableName table, String column, @Nullable String fillNullsWith, boolean stopFilling)
    implements Operation {

  /** Checks the name. */
  public SetNotNull {
    Names.check("column", column);
  }

  @Override
  public Phase declares() {
    return stopFilling ? Phase.CONTRACT : Phase.BACKFILL;
  }

  @Override
  public Phase last() {
    return (fillNullsWith == null) ? Phase.BACKFILL : Phase.CONTRACT;
  }
}
