package dev.migrator.internal.catalog;

import java.util.List;

/**
 * What the catalog holds about one constraint.
 *
 * @param kind its kind, such as {@code c} for a CHECK
 * @param validated whether it is known to hold for all rows
 * @param definition its definition, without NOT VALID
 * @param columns the columns it is on, in its order
 * @param parent the object id of the table a foreign key refers to; 0 for everything else
 * @param parentColumns the columns it refers to
 * @param onDelete what a foreign key does on delete, as the catalog writes it
 */
public record ConstraintFacts(
    String kind,
    boolean validated,
    String definition,
    List<String> columns,
    long parent,
    List<String> parentColumns,
    String onDelete) {

  public ConstraintFacts {
    columns = List.copyOf(columns);
    parentColumns = List.copyOf(parentColumns);
  }
}
