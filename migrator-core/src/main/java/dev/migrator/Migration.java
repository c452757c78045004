package dev.migrator;

import dev.migrator.internal.Names;
import dev.migrator.operation.Operation;
import java.util.List;
import java.util.Set;

/**
 * One schema change, declared once, usually as a Spring bean. It says what is to become of the
 * database and, by how far the chain of phases goes, how much of that the code of <em>this</em>
 * release is ready for.
 *
 * <pre>{@code
 * @Bean
 * Migration usersFullName() {
 *   return Migration.define("2026-11-22-users-full-name")
 *       .table("users")
 *       .addColumn("full_name", "text")
 *       .dualWrite("name", "full_name")
 *       .backfill()       // ends here: this release still reads and writes "name"
 *       .switchRead()     // ends here: it reads "full_name", and must not lose "name" yet
 *       .dropColumn("name"); // ends here: it no longer knows "name"
 * }
 * }</pre>
 *
 * <p>A migration has one or more {@link Operation operations}; {@link Declared#and()} begins the
 * next one. A phase is reached when all of them have reached it, and an undo undoes all of them.
 *
 * <p>A migration is immutable; each stage of the chain is a complete migration of its own. All
 * names are literal: {@code "Order"} is the table that SQL writes as {@code "Order"}.
 */
public sealed interface Migration permits Migration.Declared, Migration.Completed {

  /**
   * What identifies the change in the journal, for ever and across all releases.
   *
   * @return the id given to {@link #define}
   */
  String id();

  /**
   * What the migration does, in the order in which it was declared.
   *
   * @return at least one operation; none of a {@link Completed} one
   */
  List<Operation> operations();

  /**
   * The last phase that this release declares. An operation that is declared to its last phase does
   * not hold the others: with an index beside a change of columns that ends at {@code backfill()},
   * the migration ends there.
   *
   * @return the phase at which the chain ends
   */
  Phase declares();

  /**
   * The functions of the database whose text names what the contract removes, and that are known to
   * mean something else by it.
   *
   * @return names with their schema, see {@link MigrationBuilder#acknowledgeFunction}
   */
  default Set<String> acknowledgedFunctions() {
    return Set.of();
  }

  /**
   * Whether no start does it or waits for it.
   *
   * @return see {@link MigrationBuilder#inBackground}
   */
  default boolean isInBackground() {
    return false;
  }

  /**
   * The migrations that have to be finished before it, see {@link MigrationBuilder#after}.
   *
   * @return their ids; none if its place in the order says enough
   */
  List<String> after();

  /**
   * Begins the declaration of a change.
   *
   * @param id a name that never changes and that no other migration has; letters, digits and {@code
   *     - _ . :}, at most 200 characters
   * @return what to say next: the table
   * @throws dev.migrator.error.InvalidMigrationException if the id is empty, too long, or has other
   *     characters
   */
  static MigrationBuilder define(String id) {
    return MigrationBuilder.of(Names.checkId(id), List.of());
  }

  /**
   * Says that the code of this release knows nothing of the old side of a change, and that the
   * change is finished: what may take the place of its declaration then. A release that says
   * nothing at all of a change counts as one that still needs the old side, and does not start when
   * that is gone.
   *
   * @param id the id under which the change was declared
   * @return a migration that does nothing
   * @throws dev.migrator.error.InvalidMigrationException if the id is not valid
   */
  static Completed completed(String id) {
    return new Completed(Names.checkId(id));
  }

  /** A migration with operations; more of them can be added. */
  sealed interface Declared extends Migration
      permits Stage,
          Whole,
          Expanded,
          DualWritten,
          Backfilled,
          ReadSwitched,
          Contracted,
          NotNullSet,
          NullsFilled,
          IndexAdded,
          ForeignKeyAdded,
          ConstraintRenamed,
          TableCreated {

    /**
     * Begins one more operation of the same migration.
     *
     * <pre>{@code
     * Migration.define("2026-11-26-orders-status")
     *     .table("orders").addCheck("orders_status", "status IN ('open', 'done')")
     *     .and()
     *     .table("orders").addIndex("orders_by_status").on("status");
     * }</pre>
     *
     * @return what to say next: the table
     */
    MigrationBuilder and();
  }

  /** An operation of which nothing more can be said. */
  sealed interface Whole extends Declared permits WholeStage {}

  /** New columns, beside the old. */
  sealed interface Expanded extends Declared permits ColumnChangeStage {

    /**
     * Adds one more column.
     *
     * @param name the name of the new column
     * @param type its type as SQL writes it
     * @return the migration with that column
     */
    Expanded addColumn(String name, String type);

    /**
     * Keeps two columns in step: a write to either is copied to the other, whichever release wrote.
     *
     * @param oldColumn the column there is
     * @param newColumn the column this migration adds
     * @return a migration that ends at {@link Phase#DUAL_WRITE}, and its continuation
     */
    DualWritten dualWrite(String oldColumn, String newColumn);

    /**
     * Keeps columns in step by transforms, with any number of columns on each side.
     *
     * @param pairing which columns, and how each is computed from the other side
     * @return a migration that ends at {@link Phase#DUAL_WRITE}, and its continuation
     */
    DualWritten dualWrite(Sync pairing);

    /**
     * Says who keeps two columns in step.
     *
     * <p>With {@link DualWrite#byApplication() byApplication()} the database gets no trigger: the
     * code of this release writes both columns itself, with every insert and every update of either
     * of them, in one transaction. What each release does follows from how far its chain goes:
     *
     * <pre>{@code
     * Migration.define("2026-11-22-users-full-name")
     *     .table("users")
     *     .addColumn("full_name", "text")
     *     .dualWrite("name", "full_name", byApplication())
     *     .backfill()          // ends here: writes both, reads "name"
     *     .switchRead()        // ends here: writes both, reads "full_name"
     *     .dropColumn("name"); // ends here: writes and reads "full_name" only
     * }</pre>
     *
     * <p>So the fleet alone keeps old and new code apart. {@link Phase#BACKFILL} begins when every
     * live instance writes both sides, and from then on none starts that does not. A release that
     * declares {@code dropColumn} serves when every live instance reads the new side. A change
     * takes four deploys, or three with {@code switchRead(atRuntime())}; two as with triggers are
     * not enough.
     *
     * @param oldColumn the column there is
     * @param newColumn the column this migration adds
     * @param by triggers, unless said otherwise
     * @return a migration that ends at {@link Phase#DUAL_WRITE}, and its continuation
     */
    DualWritten dualWrite(String oldColumn, String newColumn, DualWrite by);

    /**
     * The same by transforms, with any number of columns on each side. With {@link
     * DualWrite#byApplication() byApplication()} the transforms copy the old rows, and say when the
     * two sides of a row agree: the new side is what the old one gives, or the old one is what the
     * new one gives. What the code writes must agree by them; until reads switch, the old side is
     * the truth, and a row that does not agree gets its new side from the old one.
     *
     * @param pairing which columns, and how each is computed from the other side
     * @param by triggers, unless said otherwise
     * @return a migration that ends at {@link Phase#DUAL_WRITE}, and its continuation
     */
    DualWritten dualWrite(Sync pairing, DualWrite by);
  }

  /** Both sides kept in step. */
  sealed interface DualWritten extends Declared permits ColumnChangeStage {

    /**
     * Copies the old rows, in the background and in small ranges, and verifies that both sides
     * agree.
     *
     * @return a migration that ends at {@link Phase#BACKFILL}, and its continuation
     */
    Backfilled backfill();
  }

  /** All rows copied. A release that ends here still reads and writes the old side. */
  sealed interface Backfilled extends Declared permits ColumnChangeStage {

    /**
     * Keeps the triggers of the table, and whatever else fires on a write, from the writes of the
     * backfill, which then leave no trace such as a new {@code updated_at} or a line in an audit
     * table. Without this they fire, as on any other write. The migrator's role must be a
     * superuser, or be granted {@code SET ON PARAMETER session_replication_role} on PostgreSQL 15
     * or newer; otherwise the change is refused before anything is done.
     *
     * @return the same migration but for that; it is no other change by it
     */
    Backfilled withoutUserTriggers();

    /**
     * Says that the code of this release reads the new side. It does not serve before the new side
     * is verified.
     *
     * @return a migration that ends at {@link Phase#SWITCH_READ}, and its continuation
     */
    ReadSwitched switchRead();

    /**
     * Says that the code of this release can read the new side, and from when on it does.
     *
     * @param from at its start, or {@link ReadTime#atRuntime() at runtime}, when {@link ReadSwitch}
     *     says so
     * @return a migration that ends at {@link Phase#SWITCH_READ}, and its continuation
     */
    ReadSwitched switchRead(ReadTime from);
  }

  /** Reads use the new side. A release that ends here must not lose the old side yet. */
  sealed interface ReadSwitched extends Declared permits ColumnChangeStage {

    /**
     * Says that the code of this release no longer knows the old side, all columns of which must be
     * named.
     *
     * @param column a column of the old side
     * @param more the others, if there are more
     * @return a migration that ends at {@link Phase#CONTRACT}
     */
    Contracted dropColumn(String column, String... more);
  }

  /** The whole way. A release that ends here does not know the old side. */
  sealed interface Contracted extends Declared permits ColumnChangeStage {}

  /** A column becomes NOT NULL. A release that ends here says that no release writes NULL. */
  sealed interface NotNullSet extends Declared permits NotNullStage {

    /**
     * Gives a value to the rows that have NULL, in small ranges, and by a trigger to what a release
     * still writes with NULL, so that no write of it fails. The value must fit the other
     * constraints of the column, and must not be NULL.
     *
     * <p>An undo removes the trigger and NOT NULL, but leaves the values: nobody could tell them
     * from those that were written.
     *
     * @param expression an SQL expression, constant or over the other columns of the row, named
     *     without the table
     * @return a migration that ends at {@link Phase#BACKFILL}, and its continuation
     */
    NullsFilled fillNullsWith(String expression);
  }

  /** NULLs are filled. A release that ends here may still write NULL. */
  sealed interface NullsFilled extends Declared permits NotNullStage {

    /**
     * Says that the code of this release never writes NULL: once no release does, the trigger is
     * dropped.
     *
     * @return a migration that ends at {@link Phase#CONTRACT}
     */
    Whole stopFilling();
  }

  /** A new index, of which more can be said. */
  sealed interface IndexAdded extends Declared permits IndexStage {

    /**
     * Lets the index refuse a second row of the same values. Every release that runs must keep to
     * it already. Duplicates that exist hold the change.
     *
     * @return the migration with a unique index
     */
    IndexAdded unique();

    /**
     * Indexes only the rows for which a condition holds.
     *
     * @param predicate an SQL expression over the columns of the row, named without the table
     * @return the migration with a partial index
     */
    IndexAdded where(String predicate);

    /**
     * Chooses the kind of index.
     *
     * @param method an access method, such as {@code "gin"}; {@code "btree"} unless given
     * @return the migration with that kind of index
     */
    IndexAdded using(String method);

    /**
     * Stores further columns with the index, so that a query can be answered from it alone.
     *
     * @param column a column
     * @param more further columns
     * @return the migration with those columns
     */
    IndexAdded include(String column, String... more);
  }

  /** A new foreign key, of which more can be said. */
  sealed interface ForeignKeyAdded extends Declared permits ForeignKeyStage {

    /**
     * Says what becomes of the rows when what they refer to is deleted.
     *
     * @param rule the rule; {@link OnDelete#NO_ACTION} unless given
     * @return the migration with that rule
     */
    ForeignKeyAdded onDelete(OnDelete rule);
  }

  /** A constraint with another name, of which more can be said. */
  sealed interface ConstraintRenamed extends Declared permits RenameConstraintStage {

    /**
     * Waits with the new name until every live instance declares it, because an older release may
     * use the present one: that of a unique constraint, in {@code ON CONFLICT ON CONSTRAINT}.
     *
     * @return a migration that ends at {@link Phase#CONTRACT}
     */
    Whole inContract();
  }

  /**
   * A change that is finished, and of whose old side this release knows nothing.
   *
   * @param id the id under which it was declared
   */
  record Completed(String id) implements Migration {

    @Override
    public List<Operation> operations() {
      return List.of();
    }

    @Override
    public Phase declares() {
      return Phase.CONTRACT;
    }

    @Override
    public List<String> after() {
      return List.of();
    }
  }
}
