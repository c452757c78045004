package dev.migrator.autoconfigure.liquibase;

import dev.migrator.Phase;
import java.sql.SQLException;
import java.util.Arrays;
import liquibase.database.Database;
import liquibase.database.DatabaseConnection;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.CustomPreconditionErrorException;
import liquibase.exception.CustomPreconditionFailedException;
import liquibase.exception.DatabaseException;
import liquibase.precondition.CustomPrecondition;
import org.jspecify.annotations.Nullable;

/**
 * A precondition of a Liquibase change set: that a migration has reached a phase, and is not being
 * undone. Liquibase runs before the migrations of a start, so the change set waits for a later
 * start by {@code onFail: CONTINUE}.
 *
 * <pre>{@code
 * preConditions:
 *   - onFail: CONTINUE
 *   - customPrecondition:
 *       className: dev.migrator.autoconfigure.liquibase.MigrationPhasePrecondition
 *       params:
 *         - param: { name: migration, value: 2026-11-22-users-full-name }
 *         - param: { name: phase, value: CONTRACT }
 * }</pre>
 */
public final class MigrationPhasePrecondition implements CustomPrecondition {

  private @Nullable String migration;

  private @Nullable String phase;

  /** Made by Liquibase. */
  public MigrationPhasePrecondition() {}

  /**
   * The migration, of the parameter {@code migration}.
   *
   * @param migration its id
   */
  public void setMigration(String migration) {
    this.migration = migration;
  }

  /**
   * The phase, of the parameter {@code phase}; {@code CONTRACT} without it.
   *
   * @param phase the name of a {@link Phase}
   */
  public void setPhase(String phase) {
    this.phase = phase;
  }

  /**
   * Asks the journal.
   *
   * @throws CustomPreconditionFailedException if the phase is not reached
   * @throws CustomPreconditionErrorException if a parameter is missing or wrong, or the database
   *     cannot be asked
   */
  @Override
  public void check(Database database)
      throws CustomPreconditionFailedException, CustomPreconditionErrorException {
    String id = migration;
    if (id == null) {
      throw new CustomPreconditionErrorException(
          "the parameter \"migration\" is missing: the id of a migration");
    }
    Phase wanted = wanted();
    DatabaseConnection connection = database.getConnection();
    if (!(connection instanceof JdbcConnection jdbc)) {
      throw new CustomPreconditionErrorException(
          "which phase the migration \"%s\" has reached can only be asked of a database"
              .formatted(id));
    }
    String reached;
    try {
      reached = JournaledPhase.reached(jdbc, id);
    } catch (DatabaseException | SQLException ex) {
      throw new CustomPreconditionErrorException(
          "the phase of the migration \"%s\" cannot be read".formatted(id), ex);
    }
    if (reached == null || !Phase.valueOf(reached).includes(wanted)) {
      throw new CustomPreconditionFailedException(
          "the migration \"%s\" has reached %s, not %s; the change set is tried again at the next start"
              .formatted(id, reached == null ? "no phase" : reached, wanted));
    }
  }

  private Phase wanted() throws CustomPreconditionErrorException {
    String name = phase;
    if (name == null) {
      return Phase.CONTRACT;
    }
    return Arrays.stream(Phase.values())
        .filter(it -> it.name().equalsIgnoreCase(name.strip()))
        .findFirst()
        .orElseThrow(
            () ->
                new CustomPreconditionErrorException(
                    "\"%s\" is no phase; the phases are %s"
                        .formatted(name, Arrays.toString(Phase.values()))));
  }
}
