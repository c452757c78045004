package dev.migrator.plan;

import dev.migrator.ColumnChange;

/**
 * A change and where it is declared.
 *
 * @param bean the name of the bean, or what else tells a person where to look
 * @param change the change
 */
public record Declaration(String bean, ColumnChange change) {

  public String id() {
    return change.id();
  }

  /** How messages begin, so that the reader knows where to look. */
  public String where() {
    return "migration \"%s\" (bean \"%s\")".formatted(change.id(), bean);
  }
}
