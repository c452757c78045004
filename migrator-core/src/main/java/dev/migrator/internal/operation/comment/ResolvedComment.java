package dev.migrator.internal.operation.comment;

import dev.migrator.Phase;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.ResolvedOperation;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.TableLock;
import dev.migrator.internal.step.PhaseSteps;
import dev.migrator.internal.step.StepInfo;
import dev.migrator.internal.step.TransactionStep;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A comment on a table or one of its columns.
 *
 * @param column the column; {@code null} for the table itself
 * @param present the comment that is there; {@code null} if none
 * @param wanted the comment that there shall be; {@code null} if none
 */
public record ResolvedComment(
    TableFacts table, @Nullable String column, @Nullable String present, @Nullable String wanted)
    implements ResolvedOperation {

  @Override
  public PhaseSteps steps(Phase phase) {
    if (phase != Phase.EXPAND || Objects.equals(present, wanted)) {
      return PhaseSteps.NONE;
    }
    List<TableLock> lock =
        List.of(new TableLock(table.quoted(), TableLock.Mode.SHARE_UPDATE_EXCLUSIVE));
    return PhaseSteps.of(
        TransactionStep.of(
            StepInfo.of("comment", phase),
            lock,
            List.of(comment(wanted)),
            lock,
            List.of(comment(present))));
  }

  private String comment(@Nullable String text) {
    String on =
        (column == null)
            ? "TABLE " + table.quoted()
            : "COLUMN " + table.quoted() + "." + Identifiers.quote(column);
    return "COMMENT ON %s IS %s".formatted(on, (text == null) ? "NULL" : Identifiers.literal(text));
  }
}
