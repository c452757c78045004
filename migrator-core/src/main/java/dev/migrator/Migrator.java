package dev.migrator;

import dev.migrator.error.CommandRefusedException;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.error.NotReadyException;
import dev.migrator.error.StepFailedException;
import dev.migrator.error.UnsupportedDatabaseException;
import dev.migrator.plan.MigrationPlan;
import dev.migrator.plan.PlannedMigration;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.MigrationStatus;
import dev.migrator.status.MigratorStatus;
import java.util.Collection;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Takes the declared migrations through their phases and reports where each one stands. There is
 * one per database; it is safe for use by several threads.
 *
 * <pre>{@code
 * Migrator migrator = Migrator.builder(dataSource).declare("usersFullName", migration).build();
 * migrator.prepare(); // what must be there before this release serves
 * migrator.start();   // the rest, in the background
 * migrator.status("2026-11-22-users-full-name");
 * migrator.stop();    // this instance does no more work
 * migrator.close();   // no code of this instance uses the database any longer
 * }</pre>
 *
 * <p>With Spring Boot the starter makes these calls at the right moments of the application's life.
 *
 * <p>Applications call this interface and do not implement it: later versions add methods.
 */
public interface Migrator extends AutoCloseable {

  /**
   * Starts to build a migrator.
   *
   * @param dataSource connects as a role that owns the tables to be changed
   * @return a builder with defaults for the rest
   */
  static MigratorBuilder builder(DataSource dataSource) {
    return new MigratorBuilder(dataSource);
  }

  /**
   * Registers this instance, and runs what must be there before this release serves, or waits while
   * another instance runs it: EXPAND and DUAL_WRITE always, and for a release that declares {@code
   * switchRead()} everything up to the verification of BACKFILL. Returns at once if nothing is due.
   *
   * @throws InvalidMigrationException if a declaration cannot be carried out; nothing was changed
   * @throws UnsupportedDatabaseException if the library cannot work with this database
   * @throws StepFailedException if a step failed; the table is as it was before that step
   * @throws NotReadyException if this release must not serve: what it needs is gone, or not there
   *     yet after {@link MigratorSettings#startupLimit()}
   */
  void prepare();

  /**
   * Records which columns the mappings of this instance use. They hold the CONTRACT of a migration
   * that would remove one of them.
   *
   * @param columns all columns; replaces those of an earlier call
   * @throws InvalidMigrationException if this release declares that it no longer knows one of them
   */
  void mapped(Collection<MappedColumn> columns);

  /**
   * Returns the switch that tells code of this instance which side to read.
   *
   * @return always the same object
   */
  ReadSwitch readSwitch();

  /**
   * Returns whether code of this instance may use the tables at this moment. It may not after it
   * could not renew its lease in time: other instances may then presume it dead. Executes no query.
   *
   * @return {@code true} before {@link #prepare()} and after {@link #close()}, too
   */
  boolean mayServe();

  /**
   * Continues with the rest in a background thread. Does nothing if that thread runs already. Call
   * it after {@link #prepare()}; without that, it waits for nothing that this release needs.
   *
   * @throws NotReadyException if {@link #prepare()} was not called and something is gone that this
   *     release needs
   */
  void start();

  /**
   * Ends the background thread and returns when it has ended. The range at hand is finished and
   * recorded; another instance, or the next start, continues from there. A {@link #prepare()} that
   * runs in another thread ends in the same way, and throws if what this release needs is not
   * there.
   */
  void stop();

  /**
   * Returns whether the background thread runs.
   *
   * @return {@code true} between {@link #start()} and {@link #stop()}
   */
  boolean isRunning();

  /**
   * Reports where everything stands. Executes a few small queries.
   *
   * @return all declared migrations, in the order of declaration, then those that only the journal
   *     knows
   */
  MigratorStatus status();

  /**
   * Reports where one migration stands.
   *
   * @param id the id of a migration
   * @return empty if neither a declaration nor the journal knows that id
   */
  Optional<MigrationStatus> status(String id);

  /**
   * Works out what would run if this release started now: every step that is left, with its SQL,
   * its lock, the size of its table, an estimate, what holds it and how it is undone. Changes
   * nothing, and locks the tables only as a query does.
   *
   * <pre>{@code
   * MigrationPlan plan = migrator.plan();
   * System.out.println(plan.toText());
   * }</pre>
   *
   * @return the plan; {@linkplain MigrationPlan#isEmpty() empty} if nothing is left
   * @throws UnsupportedDatabaseException if the library cannot work with this database
   */
  MigrationPlan plan();

  /**
   * Works out what is left of one migration, as {@link #plan()} does for all.
   *
   * @param id the id of a migration
   * @return empty if neither a declaration nor the journal knows that id
   */
  Optional<PlannedMigration> plan(String id);

  /**
   * Runs everything that the gates allow, and returns when nothing is due any longer: for a
   * deployment job that does nothing else. Registers this instance for that time only, as one whose
   * code uses no table.
   *
   * <pre>{@code
   * MigrationPlan left = migrator.migrate();
   * System.exit(left.outcome().exitCode());
   * }</pre>
   *
   * @return what is left, such as phases that are held
   * @throws InvalidMigrationException if a declaration cannot be carried out; nothing was changed
   * @throws UnsupportedDatabaseException if the library cannot work with this database
   * @throws NotReadyException if this release does not fit what has run, or the plan is not the
   *     approved one
   */
  MigrationPlan migrate();

  /**
   * Writes an operator's command into the journal and returns without waiting for its effect. The
   * instance that does the work finds it there, so any instance may be asked.
   *
   * @param id the id of a migration
   * @param command what the operator asks for
   * @return where the migration stands now; empty if neither a declaration nor the journal knows
   *     that id
   * @throws CommandRefusedException if the state of the migration does not allow it; nothing was
   *     changed
   */
  Optional<MigrationStatus> execute(String id, OperatorCommand command);

  /**
   * Stops, and removes the registration of this instance at once. Call it when no code of this
   * instance uses the tables any longer: from then on, nothing holds a CONTRACT for its sake.
   */
  @Override
  void close();
}
