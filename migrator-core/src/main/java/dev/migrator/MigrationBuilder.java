package dev.migrator;

import dev.migrator.internal.Names;
import dev.migrator.operation.Operation;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A migration that has an id, perhaps operations, and is to get one more. */
public final class MigrationBuilder {

  private final String id;

  private final List<String> after;

  private final List<Operation> operations;

  private final Set<String> functions;

  private final boolean inBackground;

  MigrationBuilder(
      String id,
      List<String> after,
      List<Operation> operations,
      Set<String> functions,
      boolean inBackground) {
    this.id = id;
    this.after = List.copyOf(after);
    this.operations = List.copyOf(operations);
    this.functions = Set.copyOf(functions);
    this.inBackground = inBackground;
  }

  /** A migration of which nothing is said yet. */
  static MigrationBuilder of(String id, List<String> after) {
    return new MigrationBuilder(id, after, List.of(), Set.of(), false);
  }

  /**
   * Says that this release works without what the migration makes, so that its start neither does
   * it nor waits for it, and does not fail with it: all phases are work of the background. For
   * migrations of which there are hundreds, such as one for each schema of a tenant: the start is
   * as short as ever, and one that fails does not keep the others.
   *
   * <pre>{@code
   * Migration.define("2026-11-27-note-" + tenant).inBackground()
   *     .table(tenant, "orders").addColumn("note", "text");
   * }</pre>
   *
   * <p>The release whose code needs the change declares it without this word, and does not serve
   * before it is there. A chain that reads or writes the new side cannot have it.
   *
   * @return the same, but for that
   */
  public MigrationBuilder inBackground() {
    return new MigrationBuilder(id, after, operations, functions, true);
  }

  /**
   * Says that other migrations have to be finished before this one begins, wherever it stands in
   * the order. Nothing else waits for what is held.
   *
   * <pre>{@code
   * Migration.define("2026-11-20-orders-by-state").after("20261127090000_drop_old_state")
   *     .table("orders").addIndex("orders_by_state").on("state");
   * }</pre>
   *
   * @param first the id of a migration, a bean's or that of a SQL file
   * @param more further ones
   * @return the same, but for that
   */
  public MigrationBuilder after(String first, String... more) {
    List<String> all = new ArrayList<>(after);
    all.add(Names.checkId(first));
    for (String other : more) {
      all.add(Names.checkId(other));
    }
    return new MigrationBuilder(id, all, operations, functions, inBackground);
  }

  /**
   * Names the table, to be found on the search path of the connection.
   *
   * @param name the literal name, without a schema
   * @return what to say next: the change
   */
  public OnTable table(String name) {
    return new OnTable(this, new TableName(null, name));
  }

  /**
   * Names the table with its schema.
   *
   * @param schema the literal name of the schema
   * @param name the literal name of the table
   * @return what to say next: the change
   */
  public OnTable table(String schema, String name) {
    return new OnTable(this, new TableName(schema, name));
  }

  /**
   * Creates a table in the schema that comes first on the search path of the connection. A release
   * that declares it does not serve before the table is there.
   *
   * <pre>{@code
   * Migration.define("2026-11-26-invoices")
   *     .createTable("invoice")
   *     .column("id", "bigint").identity()
   *     .column("state", "text").notNull().defaultTo("'open'")
   *     .column("created_at", "timestamptz").notNull().defaultTo("now()")
   *     .primaryKey("id")
   *     .check("invoice_state", "state IN ('open', 'paid')");
   * }</pre>
   *
   * @param name the literal name, without a schema
   * @return what to say next: the first column
   */
  public NewTable createTable(String name) {
    return new NewTable(this, new TableName(null, name));
  }

  /**
   * Creates a table in a schema.
   *
   * @param schema the literal name of the schema, which must be there
   * @param name the literal name of the table
   * @return what to say next: the first column
   */
  public NewTable createTable(String schema, String name) {
    return new NewTable(this, new TableName(schema, name));
  }

  /**
   * Runs SQL of your own, for what no other operation does. All of its statements are one
   * transaction, in {@link Phase#EXPAND} unless said otherwise. They wait for each lock no longer
   * than the lock budget, and all of it is tried again if one is not granted. What they affect is
   * unknown: no other migration waits for it, nor does it wait for one.
   *
   * <pre>{@code
   * Migration.define("2026-11-26-open-orders")
   *     .sql("CREATE VIEW open_orders AS SELECT id FROM orders WHERE NOT done")
   *     .undo("DROP VIEW open_orders");
   * }</pre>
   *
   * @param sql one statement or more, with semicolons between them; none that begins or ends a
   *     transaction, or cannot run in one
   * @return what to say next: how it is undone
   */
  public NewSql sql(String sql) {
    return new NewSql(this, sql);
  }

  /**
   * Says that a function of the database does not need what the contract of this migration removes,
   * though its text names it: by a local variable, or another table's column of that name. Else the
   * contract is held ({@code USED_BY_FUNCTION}) until the function is changed.
   *
   * @param function its name with the schema, such as {@code public.audit}
   * @return this declaration, to be gone on with
   */
  public MigrationBuilder acknowledgeFunction(String function) {
    Set<String> all = new LinkedHashSet<>(functions);
    all.add(function);
    return new MigrationBuilder(id, after, operations, all, inBackground);
  }

  /** The same with operations, of which the next one is to be said. */
  MigrationBuilder having(List<Operation> others) {
    return new MigrationBuilder(id, after, others, functions, inBackground);
  }

  boolean isInBackground() {
    return inBackground;
  }

  Set<String> functions() {
    return functions;
  }

  String id() {
    return id;
  }

  List<String> after() {
    return after;
  }

  List<Operation> with(Operation operation) {
    List<Operation> all = new ArrayList<>(operations);
    all.add(operation);
    return all;
  }
}
