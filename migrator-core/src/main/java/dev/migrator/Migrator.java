package dev.migrator;

import dev.migrator.error.CommandRefusedException;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.error.NotReadyException;
import dev.migrator.error.StepFailedException;
import dev.migrator.error.UnsupportedDatabaseException;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.MigrationStatus;
import dev.migrator.status.MigratorStatus;
import java.util.Collection;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Takes the declared migrations through their phases and says where each one stands. One per
 * database; safe for use by many threads.
 *
 * <pre>{@code
 * Migrator migrator = Migrator.builder(dataSource).declare("usersFullName", migration).build();
 * migrator.prepare(); // what must be there before this release serves
 * migrator.start();   // the rest, in the background
 * migrator.status("2026-11-22-users-full-name");
 * migrator.stop();    // no more work here
 * migrator.close();   // no code of this instance uses the database any longer
 * }</pre>
 *
 * <p>With Spring Boot none of this is called by hand: the starter does it at the right moments of
 * the application's life.
 */
public interface Migrator extends AutoCloseable {

  /**
   * Begins with the database.
   *
   * @param dataSource connects as a role that owns the tables to be changed
   * @return a builder for the rest
   */
  static MigratorBuilder builder(DataSource dataSource) {
    return new MigratorBuilder(dataSource);
  }

  /**
   * Registers this instance, and does, or waits for another instance to do, what must be there
   * before this release serves: EXPAND and DUAL_WRITE always, and for a release that declares
   * {@code switchRead()} everything up to the proof that both sides agree. Returns at once where
   * nothing is due.
   *
   * @throws InvalidMigrationException if a declaration cannot be carried out; nothing was changed
   * @throws UnsupportedDatabaseException if the database cannot be worked with
   * @throws StepFailedException if a step failed; the table is as it was before that step
   * @throws NotReadyException if this release must not serve: it needs what is gone, or what is not
   *     there yet after {@link MigratorSettings#startupLimit()}
   */
  void prepare();

  /**
   * Tells which columns the mappings of this instance use. They keep the contract of a change that
   * would take one of them away.
   *
   * @param columns all of them
   * @throws InvalidMigrationException if this release declares that it no longer knows one of them
   */
  void mapped(Collection<MappedColumn> columns);

  /**
   * Which side of a change to read.
   *
   * @return the switch of this instance
   */
  ReadSwitch readSwitch();

  /**
   * Whether code of this instance may use the tables at this moment: not if it could not renew its
   * lease in time, so that others may have taken it for gone. Costs no query.
   *
   * @return {@code true} before {@link #prepare()} and after {@link #close()}, too
   */
  boolean mayServe();

  /**
   * Goes on with the rest in a background thread. Does nothing if that thread runs already. To be
   * called after {@link #prepare()}; without it, nothing that this release needs is waited for.
   *
   * @throws NotReadyException if {@link #prepare()} was not called and something is gone that this
   *     release needs
   */
  void start();

  /**
   * Ends the background thread: the range at hand is finished and recorded, everything else goes on
   * from there on another instance or at the next start. Returns when the thread has ended. A
   * {@link #prepare()} that is under way in another thread is ended in the same way, and throws if
   * what this release needs is not there.
   */
  void stop();

  /**
   * Whether the background thread is there.
   *
   * @return {@code true} between {@link #start()} and {@link #stop()}
   */
  boolean isRunning();

  /**
   * Where everything stands, by a few small queries.
   *
   * @return all declared migrations, in the order of declaration, then those that only the journal
   *     knows
   */
  MigratorStatus status();

  /**
   * Where one change stands.
   *
   * @param id the id of a migration
   * @return empty if neither a declaration nor the journal knows that id
   */
  Optional<MigrationStatus> status(String id);

  /**
   * Writes an operator's word into the journal, where whichever instance does the work finds it,
   * and returns without waiting for the effect.
   *
   * @param id the id of a migration
   * @param word what the operator wants
   * @return where the change stands now; empty if neither a declaration nor the journal knows that
   *     id
   * @throws CommandRefusedException if the state of the change does not allow it; nothing was
   *     changed
   */
  Optional<MigrationStatus> execute(String id, OperatorCommand word);

  /**
   * Says {@link OperatorCommand#UNDO} of one phase only. Said twice, also by two operators, it
   * takes that phase back and no other.
   *
   * @param id the id of a migration
   * @param phase the phase to be taken back
   * @return where the change stands now; empty if neither a declaration nor the journal knows that
   *     id
   * @throws CommandRefusedException if that phase is not the last one begun, or the state of the
   *     change does not allow it; nothing was changed
   */
  Optional<MigrationStatus> undo(String id, Phase phase);

  /**
   * Says how fast the rows of a change are brought over and compared: the share of the time in
   * which each worker of each instance works. Heard at the end of the range at hand.
   *
   * @param id the id of a migration
   * @param percent 1 to 100; 100 at the beginning
   * @return where the change stands now; empty if neither a declaration nor the journal knows that
   *     id
   * @throws IllegalArgumentException if the value is outside of its range
   * @throws CommandRefusedException if nothing of the change has begun, or it is completed
   */
  Optional<MigrationStatus> speed(String id, int percent);

  /**
   * Stops, and gives the registration back at once. To be called when no code of this instance uses
   * the tables any longer, as the old side of a change may go from then on.
   */
  @Override
  void close();
}
