package dev.migrator;

import dev.migrator.error.InvalidMigrationException;
import dev.migrator.internal.Names;

/**
 * One schema change, declared once, usually as a Spring bean. It says what is to become of a table
 * and, by how far the chain of phases goes, how much of that the code of <em>this</em> release is
 * ready for.
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
 * <p>What a table is given beside its columns, such as an index or NOT NULL, is a {@link Recipe} of
 * the same language.
 *
 * <p>A migration is immutable; each stage of the chain is a complete migration of its own. All
 * names are literal: {@code "Order"} is the table that SQL writes as {@code "Order"}.
 */
public sealed interface Migration
    permits Migration.Expanded,
        Migration.DualWritten,
        Migration.Backfilled,
        Migration.ReadSwitched,
        Migration.Contracted,
        Migration.Completed,
        Recipe {

  /**
   * What identifies the change in the journal, for ever and across all releases.
   *
   * @return the id given to {@link #define}
   */
  String id();

  /**
   * The last phase that this release declares.
   *
   * @return the phase at which the chain ends
   */
  Phase declares();

  /**
   * Begins the declaration of a change.
   *
   * @param id a name that never changes and that no other migration has; letters, digits and {@code
   *     - _ . :}, at most 200 characters
   * @return what to say next: the table
   * @throws InvalidMigrationException if the id is empty, too long, or has other characters
   */
  static Definition define(String id) {
    return new Definition(Names.checkId(id));
  }

  /**
   * Says that the code of this release knows nothing of the old side of a change, and that the
   * change is finished: what may take the place of its declaration then. A release that says
   * nothing at all of a change counts as one that still needs the old side, and does not start when
   * that is gone.
   *
   * @param id the id under which the change was declared
   * @return a migration that does nothing
   * @throws InvalidMigrationException if the id is not valid
   */
  static Completed completed(String id) {
    return new Completed(Names.checkId(id));
  }

  /** A change that has an id and needs a table. */
  final class Definition {

    private final String id;

    private Definition(String id) {
      this.id = id;
    }

    /**
     * Names the table, to be found on the search path of the connection.
     *
     * @param name the literal name, without a schema
     * @return what to say next: the change
     */
    public OnTable table(String name) {
      return new OnTable(id, new TableName(null, name));
    }

    /**
     * Names the table with its schema.
     *
     * @param schema the literal name of the schema
     * @param name the literal name of the table
     * @return what to say next: the change
     */
    public OnTable table(String schema, String name) {
      return new OnTable(id, new TableName(schema, name));
    }
  }

  /** New columns, beside the old. */
  public sealed interface Expanded extends Migration permits ColumnChange {

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
     * DualWrite#byApplication() byApplication()} the transforms bring the old rows over, and say
     * when the two sides of a row agree: the new side is what the old one gives, or the old one is
     * what the new one gives. What the code writes must agree by them; until reads switch, the old
     * side is the truth, and a row that does not agree gets its new side from the old one.
     *
     * @param pairing which columns, and how each is computed from the other side
     * @param by triggers, unless said otherwise
     * @return a migration that ends at {@link Phase#DUAL_WRITE}, and its continuation
     */
    DualWritten dualWrite(Sync pairing, DualWrite by);
  }

  /** Both sides kept in step. */
  public sealed interface DualWritten extends Migration permits ColumnChange {

    /**
     * Brings the old rows over, in the background and in small ranges, and proves that both sides
     * agree.
     *
     * @return a migration that ends at {@link Phase#BACKFILL}, and its continuation
     */
    Backfilled backfill();
  }

  /** All rows brought over. A release that ends here still reads and writes the old side. */
  public sealed interface Backfilled extends Migration permits ColumnChange {

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
     * is proved equal.
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
  public sealed interface ReadSwitched extends Migration permits ColumnChange {

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
  public sealed interface Contracted extends Migration permits ColumnChange {}

  /**
   * A change that is finished, and of whose old side this release knows nothing.
   *
   * @param id the id under which it was declared
   */
  record Completed(String id) implements Migration {

    @Override
    public Phase declares() {
      return Phase.CONTRACT;
    }
  }
}
