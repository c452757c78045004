package dev.migrator.internal.plan;

import dev.migrator.AddForeignKey;
import dev.migrator.AddIndex;
import dev.migrator.AddUnique;
import dev.migrator.ColumnChange;
import dev.migrator.DropIndex;
import dev.migrator.Migration;
import dev.migrator.Phase;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether two changes touch the same columns, so that one has to be finished before the other. */
public final class Overlap {

  private Overlap() {}

  /**
   * Whether a change has to wait for one that is declared before it. Recipes do not wait for each
   * other, but for an index of the same name that comes or goes, and for a foreign key whose other
   * side is to become unique first.
   *
   * @param reached the phase that the earlier one has reached; {@code null} before the first
   */
  public static boolean blocks(Declaration earlier, @Nullable Phase reached, Declaration later) {
    if (reached != null && reached.includes(earlier.settled())) {
      return false;
    }
    Migration one = earlier.change();
    Migration other = later.change();
    if (one instanceof ColumnChange || other instanceof ColumnChange) {
      return AffectedObjects.by(one).meets(AffectedObjects.by(other));
    }
    if (indexes(one) && indexes(other)) {
      return index(one).meets(index(other));
    }
    boolean unique = one instanceof AddUnique || (one instanceof AddIndex it && it.isUnique());
    return unique
        && other instanceof AddForeignKey key
        && AffectedObjects.by(one).meets(AffectedObjects.of(key.parent(), key.parentColumns()));
  }

  private static boolean indexes(Migration change) {
    return change instanceof AddIndex || change instanceof DropIndex;
  }

  private static AffectedObjects index(Migration change) {
    String name = (change instanceof AddIndex it) ? it.name() : ((DropIndex) change).name();
    return AffectedObjects.of(Declaration.tableOf(change), List.of(name));
  }

  /**
   * Whether a change has to wait for one that was begun before it and that this release does not
   * declare: another release that still runs may, or nobody has finished it.
   */
  public static boolean blocks(Recorded earlier, Declaration later) {
    boolean columns =
        Definition.ofColumns(earlier.definition()) || later.change() instanceof ColumnChange;
    return earlier.inTheWay()
        && columns
        && AffectedObjects.by(earlier).meets(AffectedObjects.by(later.change()));
  }

  /** Whether two recorded changes, at least one of them of columns, have a column in common. */
  public static boolean shareColumns(Recorded one, Recorded other) {
    boolean columns =
        Definition.ofColumns(one.definition()) || Definition.ofColumns(other.definition());
    return columns && AffectedObjects.by(one).meets(AffectedObjects.by(other));
  }
}
