package dev.migrator.internal.operation;

import dev.migrator.error.ErrorCode;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.internal.catalog.CatalogReader;
import dev.migrator.internal.catalog.ConstraintReader;
import dev.migrator.internal.catalog.TableClone;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.ObjectNames;
import java.util.Set;

/** What an operation is compared with the database by, and what is known of its migration. */
public final class Resolution {

  private final Database database;

  private final String where;

  private final ObjectNames names;

  private final boolean first;

  private final Set<String> acknowledged;

  /**
   * Makes it.
   *
   * @param where how messages begin, so that the reader knows where to look
   * @param names what the engine calls what it makes for this operation
   * @param first whether the first phase is still to come: later on, what is there or missing may
   *     be the work of the migration itself
   * @param acknowledged the functions of the database that the declaration says to be right
   */
  public Resolution(
      Database database, String where, ObjectNames names, boolean first, Set<String> acknowledged) {
    this.acknowledged = Set.copyOf(acknowledged);
    this.database = database;
    this.where = where;
    this.names = names;
    this.first = first;
  }

  public Database database() {
    return database;
  }

  public String where() {
    return where;
  }

  public ObjectNames names() {
    return names;
  }

  public boolean first() {
    return first;
  }

  public CatalogReader catalog() {
    return new CatalogReader(database);
  }

  public ConstraintReader constraints() {
    return new ConstraintReader(database);
  }

  public TableClone tableClone() {
    return new TableClone(database);
  }

  public TableResolver tables() {
    return new TableResolver(this);
  }

  public TableCodeCheck code() {
    return new TableCodeCheck(this);
  }

  boolean acknowledges(String function) {
    return acknowledged.contains(function);
  }

  public PartitionCheck partitions() {
    return new PartitionCheck(this);
  }

  /** What is wrong with the declaration, to be thrown. */
  public InvalidMigrationException invalid(ErrorCode code, String message) {
    return new InvalidMigrationException(code, where + ": " + message);
  }
}
