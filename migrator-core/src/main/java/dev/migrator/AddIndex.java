package dev.migrator;

import dev.migrator.internal.Names;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A new index. See {@link OnTable#addIndex}. */
public final class AddIndex implements Recipe {

  private final Named index;

  private final List<String> columns;

  private final @Nullable String expressions;

  private final Options options;

  private AddIndex(
      Named index, List<String> columns, @Nullable String expressions, Options options) {
    this.index = index;
    this.columns = List.copyOf(columns);
    this.expressions = expressions;
    this.options = options;
  }

  @Override
  public String id() {
    return index.id;
  }

  @Override
  public TableName table() {
    return index.table;
  }

  @Override
  public Phase declares() {
    return Phase.BACKFILL;
  }

  /**
   * Lets the index refuse a second row of the same values. Every release that runs must keep to it
   * already. The duplicates that there are hold the change up.
   *
   * @return the migration with a unique index
   */
  public AddIndex unique() {
    return with(new Options(options.method, true, options.predicate, options.included));
  }

  /**
   * Indexes only the rows for which a condition holds.
   *
   * @param predicate an SQL expression over the columns of the row, named without the table
   * @return the migration with a partial index
   */
  public AddIndex where(String predicate) {
    return with(
        new Options(
            options.method,
            options.unique,
            Names.expression(index.id, "where", predicate),
            options.included));
  }

  /**
   * Chooses the kind of index.
   *
   * @param method an access method, such as {@code "gin"}; {@code "btree"} unless given
   * @return the migration with that kind of index
   */
  public AddIndex using(String method) {
    return with(
        new Options(
            Names.check("access method", method),
            options.unique,
            options.predicate,
            options.included));
  }

  /**
   * Adds columns that are only carried along, so that a query can be answered from the index alone.
   *
   * @param column a column
   * @param more further columns
   * @return the migration with those columns
   */
  public AddIndex include(String column, String... more) {
    return with(
        new Options(
            options.method, options.unique, options.predicate, Names.columns(column, more)));
  }

  /**
   * The name of the index.
   *
   * @return its literal name
   */
  public String name() {
    return index.name;
  }

  /**
   * The columns that are indexed.
   *
   * @return their literal names; empty if {@link #expressions()} says it
   */
  public List<String> columns() {
    return columns;
  }

  /**
   * What is indexed, as SQL writes it.
   *
   * @return what stands between the parentheses; {@code null} if {@link #columns()} says it
   */
  public @Nullable String expressions() {
    return expressions;
  }

  /**
   * Whether it is unique.
   *
   * @return {@code true} after {@link #unique()}
   */
  public boolean isUnique() {
    return options.unique;
  }

  /**
   * Which rows it has.
   *
   * @return an SQL expression; {@code null} for all
   */
  public @Nullable String predicate() {
    return options.predicate;
  }

  /**
   * The kind of index.
   *
   * @return the literal name of an access method
   */
  public String method() {
    return options.method;
  }

  /**
   * The columns that are only carried along.
   *
   * @return their literal names
   */
  public List<String> included() {
    return options.included;
  }

  private AddIndex with(Options changed) {
    return new AddIndex(index, columns, expressions, changed);
  }

  @Override
  public String toString() {
    return "migration \"%s\" of table %s, which adds the index \"%s\""
        .formatted(index.id, index.table, index.name);
  }

  private record Options(
      String method, boolean unique, @Nullable String predicate, List<String> included) {}

  /** An index that has a name and needs to be told what it is on. */
  public static final class Named {

    private static final Options PLAIN = new Options("btree", false, null, List.of());

    private final String id;

    private final TableName table;

    private final String name;

    Named(String id, TableName table, String name) {
      this.id = id;
      this.table = table;
      this.name = name;
    }

    /**
     * Indexes columns.
     *
     * @param column a column
     * @param more further columns
     * @return a migration that ends at {@link Phase#BACKFILL}
     */
    public AddIndex on(String column, String... more) {
      return new AddIndex(this, Names.columns(column, more), null, PLAIN);
    }

    /**
     * Indexes what SQL writes between the parentheses of CREATE INDEX: columns and expressions,
     * with collation, operator class and order.
     *
     * @param sql such as {@code "lower(email) text_pattern_ops, created_at DESC"}
     * @return a migration that ends at {@link Phase#BACKFILL}
     */
    public AddIndex onExpressions(String sql) {
      return new AddIndex(this, List.of(), Names.expression(id, "onExpressions", sql), PLAIN);
    }
  }
}
