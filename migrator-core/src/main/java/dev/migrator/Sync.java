package dev.migrator;

import dev.migrator.error.ErrorCode;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.internal.Names;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which columns are kept in step with which, and how each is computed from the other side.
 *
 * <p>One column on each side is copied both ways unless a transform is given. With more columns
 * every column needs one:
 *
 * <pre>{@code
 * Sync.of("name")
 *     .with("first_name", "last_name")
 *     .compute("first_name", "split_part(name, ' ', 1)")
 *     .compute("last_name", "substr(name, length(split_part(name, ' ', 1)) + 2)")
 *     .compute("name", "concat_ws(' ', first_name, nullif(last_name, ''))");
 * }</pre>
 *
 * <p>A transform is an SQL expression over the columns of the other side, and only those;
 * mixed-case and reserved names are quoted in it as in any SQL. It should depend on nothing else:
 * no volatile functions, no other tables.
 */
public final class Sync {

  private final List<String> oldColumns;

  private final List<String> newColumns;

  private final Map<String, String> transforms;

  private Sync(List<String> oldColumns, List<String> newColumns, Map<String, String> transforms) {
    this.oldColumns = List.copyOf(oldColumns);
    this.newColumns = List.copyOf(newColumns);
    this.transforms = Collections.unmodifiableMap(new LinkedHashMap<>(transforms));
  }

  /**
   * Begins with the old side.
   *
   * @param oldColumn a column there is
   * @param more further columns of the old side
   * @return what to say next: the new side
   */
  public static OldSide of(String oldColumn, String... more) {
    return new OldSide(Names.columns(oldColumn, more));
  }

  /**
   * Gives the transform of one column; the side it is on decides the direction.
   *
   * @param column a column of either side
   * @param expression the SQL expression that computes it from the columns of the other side
   * @return the same with that transform
   * @throws InvalidMigrationException if the column is on neither side or has a transform already
   */
  public Sync compute(String column, String expression) {
    if (!oldColumns.contains(column) && !newColumns.contains(column)) {
      throw new InvalidMigrationException(
          ErrorCode.COLUMN_NOT_DECLARED,
          "compute(\"%s\", …): the column is on neither side; the old side is %s, the new side %s"
              .formatted(column, oldColumns, newColumns));
    }
    Names.expression("the transform of \"%s\"".formatted(column), expression);
    if (transforms.containsKey(column)) {
      throw new InvalidMigrationException(
          ErrorCode.NAMED_TWICE,
          "the column \"%s\" has two transforms; keep one".formatted(column));
    }
    Map<String, String> all = new LinkedHashMap<>(transforms);
    all.put(column, expression);
    return new Sync(oldColumns, newColumns, all);
  }

  /**
   * The columns that were there before.
   *
   * @return their names, in the order given
   */
  public List<String> oldColumns() {
    return oldColumns;
  }

  /**
   * The columns that replace them.
   *
   * @return their names, in the order given
   */
  public List<String> newColumns() {
    return newColumns;
  }

  /**
   * The transforms that were given.
   *
   * @return SQL expressions by the column they compute; a column that is not here is a copy
   */
  public Map<String, String> transforms() {
    return transforms;
  }

  void checkComplete(String id) {
    Set<String> all = new HashSet<>(oldColumns);
    for (String column : newColumns) {
      if (!all.add(column)) {
        throw new InvalidMigrationException(
            ErrorCode.NAMED_TWICE,
            "migration \"%s\": the column \"%s\" is on both sides of dualWrite"
                .formatted(id, column));
      }
    }
    if (oldColumns.size() == 1 && newColumns.size() == 1) {
      return;
    }
    List<String> missing = new ArrayList<>(oldColumns);
    missing.addAll(newColumns);
    missing.removeAll(transforms.keySet());
    if (!missing.isEmpty()) {
      throw new InvalidMigrationException(
          ErrorCode.TRANSFORM_MISSING,
          "migration \"%s\": with %d columns on the old side and %d on the new one every column needs a transform; add compute(…) for %s"
              .formatted(id, oldColumns.size(), newColumns.size(), missing));
    }
  }

  /** The old side of a pairing that needs its new side. */
  public static final class OldSide {

    private final List<String> oldColumns;

    private OldSide(List<String> oldColumns) {
      this.oldColumns = oldColumns;
    }

    /**
     * Names the new side.
     *
     * @param newColumn a column that the migration adds
     * @param more further columns that it adds
     * @return the pairing
     */
    public Sync with(String newColumn, String... more) {
      return new Sync(oldColumns, Names.columns(newColumn, more), Map.of());
    }
  }
}
