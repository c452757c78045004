package dev.migrator;

import dev.migrator.internal.Names;
import org.jspecify.annotations.Nullable;

/** A column becomes NOT NULL. See {@link OnTable#setNotNull}. */
public final class SetNotNull implements Recipe.NotNull, Recipe.Filling {

  private final String id;

  private final TableName table;

  private final String column;

  private final @Nullable String filling;

  private final Phase declares;

  SetNotNull(String id, TableName table, String column, @Nullable String filling, Phase declares) {
    this.id = id;
    this.table = table;
    this.column = Names.check("column", column);
    this.filling = filling;
    this.declares = declares;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public TableName table() {
    return table;
  }

  @Override
  public Phase declares() {
    return declares;
  }

  /**
   * The column.
   *
   * @return its literal name
   */
  public String column() {
    return column;
  }

  /**
   * What takes the place of NULL.
   *
   * @return an SQL expression; {@code null} if nothing is filled
   */
  public @Nullable String fillNullsWith() {
    return filling;
  }

  @Override
  public Recipe.Filling fillNullsWith(String expression) {
    return new SetNotNull(
        id, table, column, Names.expression(id, "filling", expression), Phase.BACKFILL);
  }

  @Override
  public Recipe stopFilling() {
    return new SetNotNull(id, table, column, filling, Phase.CONTRACT);
  }

  @Override
  public String toString() {
    return "migration \"%s\" of table %s, declared up to %s".formatted(id, table, declares);
  }
}
