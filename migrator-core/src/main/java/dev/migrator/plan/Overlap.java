package dev.migrator.plan;

import dev.migrator.AddCheck;
import dev.migrator.AddForeignKey;
import dev.migrator.AddIndex;
import dev.migrator.AddUnique;
import dev.migrator.ColumnChange;
import dev.migrator.DropIndex;
import dev.migrator.Migration;
import dev.migrator.NewColumn;
import dev.migrator.Phase;
import dev.migrator.SetNotNull;
import dev.migrator.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whether two changes touch the same columns, so that one has to be finished before the other. */
public final class Overlap {

  private Overlap() {}

  /**
   * Whether a change has to wait for one that is declared before it. Recipes do not wait for each
   * other, but for a foreign key whose other side is to become unique first.
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
      return common(touched(one), touched(other));
    }
    boolean unique = one instanceof AddUnique || (one instanceof AddIndex it && it.isUnique());
    return unique
        && other instanceof AddForeignKey key
        && common(touched(one), new Touched(key.parent(), key.parentColumns(), List.of()));
  }

  private static Touched touched(Migration change) {
    List<String> columns = new ArrayList<>();
    List<String> sql = new ArrayList<>();
    if (change instanceof ColumnChange it) {
      it.newColumns().stream().map(NewColumn::name).forEach(columns::add);
      if (it.sync() != null) {
        columns.addAll(it.sync().oldColumns());
      }
    } else if (change instanceof SetNotNull it) {
      columns.add(it.column());
      add(sql, it.filling());
    } else if (change instanceof AddCheck it) {
      sql.add(it.expression());
    } else if (change instanceof AddForeignKey it) {
      columns.addAll(it.columns());
    } else if (change instanceof AddUnique it) {
      columns.addAll(it.columns());
    } else if (change instanceof AddIndex it) {
      columns.addAll(it.columns());
      columns.addAll(it.included());
      add(sql, it.expressions());
      add(sql, it.predicate());
    } else if (!(change instanceof DropIndex)) {
      throw new IllegalStateException("no such change: " + change);
    }
    return new Touched(change.table(), columns, sql);
  }

  private static void add(List<String> sql, @Nullable String expression) {
    if (expression != null) {
      sql.add(expression);
    }
  }

  private static boolean common(Touched one, Touched other) {
    boolean sameTable =
        one.table.name().equals(other.table.name())
            && (one.table.schema() == null
                || other.table.schema() == null
                || one.table.schema().equals(other.table.schema()));
    return sameTable
        && (one.columns.stream().anyMatch(other::mayName)
            || other.columns.stream().anyMatch(one::mayName));
  }

  /**
   * What a change touches.
   *
   * @param sql expressions that may name any column
   */
  private record Touched(TableName table, List<String> columns, List<String> sql) {

    /** An expression is not parsed: that the name occurs in it is enough to wait. */
    boolean mayName(String column) {
      return columns.contains(column)
          || sql.stream()
              .anyMatch(
                  it -> it.toLowerCase(Locale.ROOT).contains(column.toLowerCase(Locale.ROOT)));
    }
  }
}
