package dev.migrator.autoconfigure;

import dev.migrator.settings.RequireDown;
import dev.migrator.settings.SqlSettings;
import java.util.LinkedHashMap;
import java.util.Map;

/** The properties {@code migrator.sql.*}: how SQL files are read. */
public class SqlProperties {

  /** What takes the place of '${name}' in SQL files, by name. */
  private final Map<String, String> placeholders = new LinkedHashMap<>();

  /**
   * Why a SQL file may be another one than the one that ran, or be missing, by the id of the
   * migration.
   */
  private final Map<String, String> repair = new LinkedHashMap<>();

  /**
   * Whether a SQL file may run behind a later one, as a branch that is merged late brings it, or be
   * missing.
   */
  private boolean outOfOrder;

  /** What becomes of a SQL file that has not run and has no '.down.sql' beside it. */
  private RequireDown requireDown = RequireDown.WARN;

  public Map<String, String> getPlaceholders() {
    return placeholders;
  }

  public Map<String, String> getRepair() {
    return repair;
  }

  public boolean isOutOfOrder() {
    return outOfOrder;
  }

  public void setOutOfOrder(boolean outOfOrder) {
    this.outOfOrder = outOfOrder;
  }

  public RequireDown getRequireDown() {
    return requireDown;
  }

  public void setRequireDown(RequireDown requireDown) {
    this.requireDown = requireDown;
  }

  void apply(SqlSettings.Builder settings) {
    settings.outOfOrder(outOfOrder).requireDown(requireDown);
    placeholders.forEach(settings::placeholder);
    repair.forEach(settings::repair);
  }
}
