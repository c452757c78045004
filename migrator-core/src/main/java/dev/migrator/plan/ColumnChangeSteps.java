package dev.migrator.plan;

import dev.migrator.Phase;
import dev.migrator.postgres.ColumnChangeSql;
import dev.migrator.postgres.ResolvedChange;
import java.util.List;

/** The steps of a change of columns. */
public final class ColumnChangeSteps {

  /** The step that waits for the retention time. */
  public static final String DROP_RETIRED = "drop-retired-columns";

  private ColumnChangeSteps() {}

  public static List<Step> of(Phase phase, ResolvedChange change) {
    ColumnChangeSql sql = new ColumnChangeSql(change);
    return switch (phase) {
      case EXPAND ->
          List.of(
              new Step.Ddl(
                  "add-columns", phase, sql.lock(), sql.addColumns(), sql.undoAddColumns()));
      case DUAL_WRITE ->
          List.of(
              new Step.Ddl(
                  "keep-in-step", phase, sql.lock(), sql.installSync(), sql.undoInstallSync()));
      case BACKFILL ->
          List.of(
              new Step.Backfill("backfill", phase, sql.ranges()),
              new Step.Verify("verify", phase, sql.ranges()));
      case SWITCH_READ ->
          List.of(
              new Step.SwitchRead("switch-read", phase, change.table().oid(), sql.triggerNames()));
      case CONTRACT ->
          List.of(
              new Step.Ddl("retire-columns", phase, sql.lock(), sql.retire(), List.of()),
              new Step.Ddl(DROP_RETIRED, phase, sql.lock(), sql.dropRetired(), List.of()));
    };
  }
}
