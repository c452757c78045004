package dev.migrator.operation;

import dev.migrator.Phase;
import dev.migrator.TableName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * SQL of the user's own. See {@link dev.migrator.MigrationBuilder#sql}.
 *
 * @param statements what is run, in one transaction
 * @param undo what undoes it, in one transaction; empty if nothing does
 * @param withoutUndo why nothing undoes it; {@code null} if something does
 * @param contract whether it waits until every release declares it
 */
public record RawSql(
    List<String> statements, List<String> undo, @Nullable String withoutUndo, boolean contract)
    implements Operation {

  /** Copies the lists. */
  public RawSql {
    statements = List.copyOf(statements);
    undo = List.copyOf(undo);
  }

  @Override
  public @Nullable TableName table() {
    return null;
  }

  @Override
  public Phase last() {
    return contract ? Phase.CONTRACT : Phase.EXPAND;
  }
}
