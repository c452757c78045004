package dev.migrator.internal.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the catalog says of the columns of both sides of a change, as far as triggers and copied
 * objects are made from it. Recorded with the step that made them, and compared with the catalog
 * later.
 *
 * @param table the object id of the table
 * @param oldSide the old columns that are there
 * @param newSide the new columns that are there
 * @param attached the object ids of the indexes and constraints of the old columns
 * @param carried the indexes and constraints that were made here for the new columns
 */
public record SideFacts(
    long table,
    List<Column> oldSide,
    List<Column> newSide,
    List<Long> attached,
    List<Carried> carried) {

  public SideFacts {
    oldSide = copy(oldSide);
    newSide = copy(newSide);
    attached = copy(attached);
    carried = copy(carried);
  }

  private static <T> List<T> copy(@Nullable List<T> list) {
    return (list == null) ? List.of() : List.copyOf(list);
  }

  /** Whether what was made from this would be made alike now. */
  public boolean isLike(SideFacts now) {
    return table == now.table
        && retyped(now).isEmpty()
        && withoutTypes(oldSide).equals(withoutTypes(now.oldSide))
        && attached.equals(now.attached)
        && defaults(newSide).equals(defaults(now.newSide));
  }

  private static List<List<@Nullable String>> defaults(List<Column> side) {
    List<List<@Nullable String>> defaults = new ArrayList<>();
    for (Column column : side) {
      List<@Nullable String> one = new ArrayList<>();
      one.add(column.name());
      one.add(column.defaultExpression());
      defaults.add(one);
    }
    return defaults;
  }

  /**
   * The columns that have another type by now, each with both.
   *
   * @return none if an earlier version of the library did not record the types
   */
  public List<String> retyped(SideFacts now) {
    List<String> retyped = new ArrayList<>();
    compareTypes(oldSide, now.oldSide, retyped);
    compareTypes(newSide, now.newSide, retyped);
    return retyped;
  }

  private static void compareTypes(List<Column> side, List<Column> now, List<String> retyped) {
    for (Column column : side) {
      now.stream()
          .filter(it -> it.name().equals(column.name()))
          .filter(it -> column.type() != null && !Objects.equals(it.type(), column.type()))
          .forEach(
              it ->
                  retyped.add(
                      "\"%s\" was %s and is %s".formatted(it.name(), column.type(), it.type())));
    }
  }

  private static List<Column> withoutTypes(List<Column> side) {
    return side.stream().map(Column::withoutType).toList();
  }

  /** The same with other facts about the new columns. */
  public SideFacts withNewSide(List<Column> other) {
    return new SideFacts(table, oldSide, other, attached, carried);
  }

  /**
   * One column.
   *
   * @param name its name
   * @param defaultExpression its default, everything named with its schema; {@code null} if it has
   *     none
   * @param notNull whether it has NOT NULL
   * @param comment its comment
   * @param statistics its statistics target, if one is set
   * @param storage how its values are stored
   * @param compression how they are compressed, if that is set
   * @param options its options, as {@code name=value}
   * @param type its type; {@code null} if an earlier version of the library did not record it
   */
  public record Column(
      String name,
      @Nullable String defaultExpression,
      boolean notNull,
      @Nullable String comment,
      @Nullable Integer statistics,
      String storage,
      @Nullable String compression,
      List<String> options,
      @Nullable String type) {

    public Column {
      options = copy(options);
    }

    /** The same with another default. */
    public Column withDefault(@Nullable String expression) {
      return new Column(
          name, expression, notNull, comment, statistics, storage, compression, options, type);
    }

    private Column withoutType() {
      return new Column(
          name,
          defaultExpression,
          notNull,
          comment,
          statistics,
          storage,
          compression,
          options,
          null);
    }

    public boolean hasDefault(@Nullable String expression) {
      return Objects.equals(defaultExpression, expression);
    }

    /** Whether nothing is set beyond its type. */
    public boolean isPlain() {
      return statistics == null && compression == null && options.isEmpty();
    }
  }

  /**
   * An index or constraint that was made here.
   *
   * @param name its name
   * @param constraint whether it is a constraint
   * @param parent of a foreign key, the table that it refers to, quoted
   */
  public record Carried(String name, boolean constraint, @Nullable String parent) {}
}
