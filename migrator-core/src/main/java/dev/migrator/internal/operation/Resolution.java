package dev.migrator.internal.operation;

import dev.migrator.error.ErrorCode;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.internal.catalog.CatalogReader;
import dev.migrator.internal.catalog.ConstraintReader;
import dev.migrator.internal.catalog.TableClone;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.ObjectNames;
import java.util.Collection;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What an operation is compared with the database by, and what is known of its migration. */
public final class Resolution {

  private final Database database;

  private final String where;

  private final ObjectNames names;

  private final boolean first;

  private final Set<String> acknowledged;

  private final Qualified qualified;

  /**
   * Makes it.
   *
   * @param where how messages begin, so that the reader knows where to look
   * @param names what the engine calls what it makes for this operation
   * @param first whether the first phase is still to come: later on, what is there or missing may
   *     be the work of the migration itself
   * @param acknowledged the functions of the database that the declaration says to be right
   * @param qualified what the expressions of the migration mean
   */
  public Resolution(
      Database database,
      String where,
      ObjectNames names,
      boolean first,
      Set<String> acknowledged,
      Qualified qualified) {
    this.qualified = qualified;
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

  /**
   * What an expression is to be judged by: what it meant when the migration began, or itself if it
   * begins now. The server calls functions also to plan a statement.
   *
   * @param of the column that it computes
   */
  public String meant(String expression, String of) {
    return qualified.get(key(expression, of)).orElse(expression);
  }

  private String key(String expression, String of) {
    return names.constraint("") + " " + of + " " + expression;
  }

  /**
   * An expression with everything named by its schema, as it was meant when the migration began.
   *
   * @param of the column that it computes
   * @param from what it is computed from, as it stands behind FROM
   * @param usable whether a form of it may stand where it is to stand
   */
  public String qualified(String expression, String of, String from, Predicate<String> usable) {
    String key = key(expression, of);
    return qualified
        .get(key)
        .orElseGet(
            () -> {
              String read = new QualifiedReader(database).read(expression, from, usable);
              qualified.found(key, read);
              return read;
            });
  }

  /**
   * A default, which is what the catalog says and not what somebody declared, with everything named
   * by its schema: a statement that sets it may be sent by a session with another path.
   *
   * @param expression as the server writes it with {@code search_path = pg_catalog}
   */
  public @Nullable String qualifiedDefault(@Nullable String expression) {
    return (expression == null) ? null : new QualifiedReader(database).ofCatalog(expression);
  }

  /** The same of columns that the catalog has. */
  public TableFacts withQualifiedDefaults(TableFacts table, Collection<String> columns) {
    return table.with(
        table.columns().stream()
            .map(
                it ->
                    columns.contains(it.name())
                        ? it.withDefault(
                            qualifiedDefault(it.defaultExpression()), it.constantDefault())
                        : it)
            .toList());
  }

  public PartitionCheck partitions() {
    return new PartitionCheck(this);
  }

  /** What is wrong with the declaration, to be thrown. */
  public InvalidMigrationException invalid(ErrorCode code, String message) {
    return new InvalidMigrationException(code, where + ": " + message);
  }
}
