package dev.migrator.internal.plan;

import dev.migrator.ColumnChange;
import dev.migrator.DropIndex;
import dev.migrator.Migration;
import dev.migrator.NewColumn;
import dev.migrator.Phase;
import dev.migrator.ReadTime;
import dev.migrator.Recipe;
import dev.migrator.SetNotNull;
import dev.migrator.TableName;
import java.util.List;

/**
 * A change and where it is declared.
 *
 * @param bean the name of the bean, or what else tells a person where to look
 * @param change the change
 */
public record Declaration(String bean, Migration change) {

  public String id() {
    return change.id();
  }

  /** How messages begin, so that the reader knows where to look. */
  public String where() {
    return "migration \"%s\" (bean \"%s\")".formatted(change.id(), bean);
  }

  /** The table that is changed. */
  public TableName table() {
    return tableOf(change);
  }

  static TableName tableOf(Migration change) {
    return (change instanceof ColumnChange columns) ? columns.table() : ((Recipe) change).table();
  }

  /** Whether this release does not work without what the change makes. */
  public boolean readsNewSide() {
    // Columns without an old side are added to be used.
    return addsOnly()
        || (change instanceof ColumnChange
            && change.declares().includes(Phase.SWITCH_READ)
            && !readsAtRuntime());
  }

  /** The columns that the contract takes out of use; none of a recipe. */
  public List<String> oldColumns() {
    return (change instanceof ColumnChange columns && columns.sync() != null)
        ? columns.sync().oldColumns()
        : List.of();
  }

  /** The columns that the change makes; none of a recipe. */
  public List<String> newColumns() {
    return (change instanceof ColumnChange columns)
        ? columns.newColumns().stream().map(NewColumn::name).toList()
        : List.of();
  }

  private boolean addsOnly() {
    return change instanceof ColumnChange columns && columns.sync() == null;
  }

  /** Whether the code of the releases keeps both sides in step, and no trigger does. */
  public boolean byApplication() {
    return change instanceof ColumnChange columns && columns.byApplication();
  }

  /** Whether this release does not work without the columns that the change makes. */
  public boolean usesNewSide() {
    return readsNewSide() || writesNewSide();
  }

  private boolean writesNewSide() {
    return byApplication() && change.declares().includes(Phase.DUAL_WRITE);
  }

  /** Whether this release writes the new side, and nothing writes the old one for it. */
  public boolean writesNewSideOnly() {
    return byApplication() && change.declares() == Phase.CONTRACT;
  }

  /** How this release uses the new side, as messages say it. */
  public String use() {
    if (writesNewSideOnly()) {
      return "reads and writes nothing but the new side";
    }
    return readsNewSide() ? "reads the new side" : "writes the new side";
  }

  /** Whether this release may serve as far as this change goes. */
  public boolean mayServe(Recorded recorded) {
    Phase reached = recorded.phase();
    if (reached == null || !reached.includes(needed())) {
      return false;
    }
    return !loses(recorded);
  }

  /**
   * Whether what the code of this release relies on is being taken away, or cannot be relied on.
   */
  public boolean loses(Recorded recorded) {
    // Who takes columns away looks at the fleet behind the wish, so who comes behind it must wait.
    boolean leaving = recorded.undoing() && recorded.begun() == Phase.EXPAND && usesNewSide();
    // Without triggers, who starts behind that may leave the new side behind.
    boolean outdated =
        recorded.undoing()
            && recorded.begun() == Phase.BACKFILL
            && byApplication()
            && readsNewSide();
    return leaving || outdated || (writesNewSideOnly() && recorded.oldSide() != OldSide.RELEASED);
  }

  /** What must be reached before this release serves, and stay reached while it does. */
  public Phase needed() {
    if (readsNewSide()) {
      return change.declares().includes(Phase.SWITCH_READ) ? Phase.SWITCH_READ : change.declares();
    }
    if (writesNewSide()) {
      return Phase.EXPAND; // Beyond its columns it needs nothing of the database.
    }
    return Phase.DUAL_WRITE.includes(change.declares()) ? change.declares() : Phase.DUAL_WRITE;
  }

  /** Whether this release asks which side to read. */
  public boolean readsAtRuntime() {
    return change instanceof ColumnChange columns && columns.readTime() == ReadTime.AT_RUNTIME;
  }

  /** What the instance tells the others of it. */
  public Member.Declared declared() {
    return new Member.Declared(
        change.declares(), readsNewSide(), readsAtRuntime(), writesNewSide());
  }

  /** Whether a later release can declare more of the change. */
  public boolean goesOn() {
    return change.declares() != last();
  }

  /** How a release relies on what the contract takes out of use, as messages say it. */
  String needs() {
    if (change instanceof DropIndex drop) {
      return "needs the index \"%s\"".formatted(drop.name());
    }
    return (change instanceof SetNotNull) ? "leaves NULLs to be filled" : "uses the old side";
  }

  /** The phase behind which the change does not stand in the way of any other. */
  Phase settled() {
    return addsOnly() ? Phase.EXPAND : last();
  }

  private Phase last() {
    boolean contracts =
        change instanceof ColumnChange
            || change instanceof DropIndex
            || (change instanceof SetNotNull notNull && notNull.fillNullsWith() != null);
    return contracts ? Phase.CONTRACT : Phase.BACKFILL;
  }
}
