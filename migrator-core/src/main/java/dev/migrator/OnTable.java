package dev.migrator;

import dev.migrator.internal.Names;
import dev.migrator.operation.AddCheck;
import dev.migrator.operation.AddColumn;
import dev.migrator.operation.AddUnique;
import dev.migrator.operation.ChangeType;
import dev.migrator.operation.Comment;
import dev.migrator.operation.DropColumn;
import dev.migrator.operation.DropConstraint;
import dev.migrator.operation.DropDefault;
import dev.migrator.operation.DropIndex;
import dev.migrator.operation.DropNotNull;
import dev.migrator.operation.DropTable;
import dev.migrator.operation.NewColumn;
import dev.migrator.operation.RenameConstraint;
import dev.migrator.operation.RenameIndex;
import dev.migrator.operation.SetDefault;
import dev.migrator.operation.SetNotNull;
import java.util.List;
import java.util.function.UnaryOperator;

/** A migration that has a table, and needs to be told what to change. */
public final class OnTable {

  private final MigrationBuilder before;

  private final TableName table;

  OnTable(MigrationBuilder before, TableName table) {
    this.before = before;
    this.table = table;
  }

  /**
   * Adds a column, nullable and without a default, beside what is there.
   *
   * @param name the name of the new column
   * @param type its type as SQL writes it, such as {@code "varchar(80)"} or {@code "numeric(12,2)"}
   * @return a migration that ends at {@link Phase#EXPAND}, and its continuation
   */
  public Migration.Expanded addColumn(String name, String type) {
    return ColumnChangeStage.adding(before, table, List.of(new NewColumn(name, type)));
  }

  /**
   * Adds a column with a default, NOT NULL, an identity or a comment, without rewriting the table.
   * A release that declares it serves when the column is there and has its values.
   *
   * <pre>{@code
   * Migration.define("2026-11-26-orders-status")
   *     .table("orders")
   *     .addColumn("status", "text", it -> it.defaultValue("'open'").notNull());
   * }</pre>
   *
   * @param name the name of the new column
   * @param type its type as SQL writes it
   * @param options what it has beyond that
   * @return a migration that ends at {@link Phase#BACKFILL}, without a default at {@link
   *     Phase#EXPAND}
   */
  public Migration.Whole addColumn(String name, String type, UnaryOperator<ColumnOptions> options) {
    ColumnOptions chosen = options.apply(ColumnOptions.none(before.id()));
    return new WholeStage(
        before,
        new AddColumn(
            table,
            name,
            type,
            chosen.defaultExpression(),
            chosen.isNotNull(),
            chosen.isIdentity(),
            chosen.commentText()));
  }

  /**
   * Drops a column that nothing replaces. The code of this release neither reads nor writes it.
   * From {@link Phase#EXPAND} on an insert may leave it out; it goes in {@link Phase#CONTRACT},
   * when every live instance declares it. Until the retention time is over, an undo shows it again.
   *
   * <pre>{@code
   * Migration.define("2026-11-26-users-no-fax").table("users").dropColumn("fax");
   * }</pre>
   *
   * @param name the name of the column
   * @return a migration that ends at {@link Phase#CONTRACT}
   */
  public Migration.Whole dropColumn(String name) {
    return new WholeStage(before, new DropColumn(table, name));
  }

  /**
   * Gives a column a wider type, where the server has to change nothing but its catalog: {@code
   * varchar(20)} becomes {@code varchar(80)} or {@code text}, {@code numeric(10,2)} becomes {@code
   * numeric(14,2)}. Every other change of type is refused; it takes a new column, by {@link
   * #addColumn(String, String)} and {@code dualWrite}.
   *
   * <pre>{@code
   * Migration.define("2026-11-26-users-name").table("users").changeType("name", "text");
   * }</pre>
   *
   * @param column the column
   * @param type its new type as SQL writes it
   * @return a migration that ends at {@link Phase#EXPAND}
   */
  public Migration.Whole changeType(String column, String type) {
    return new WholeStage(before, new ChangeType(table, column, type));
  }

  /**
   * The plain rename in one verb: a new column of the old one's type, both kept in step, and the
   * rows copied. The same as {@code addColumn}, {@code dualWrite} and {@code backfill}; the next
   * releases append {@code switchRead()} and {@code dropColumn(from)}.
   *
   * <pre>{@code
   * Migration.define("2026-11-22-users-full-name").table("users").renameColumn("name", "full_name");
   * }</pre>
   *
   * @param from the column there is
   * @param to the name it shall have
   * @return a migration that ends at {@link Phase#BACKFILL}, and its continuation
   */
  public Migration.Backfilled renameColumn(String from, String to) {
    return ColumnChangeStage.renaming(before, table, from, to);
  }

  /**
   * Makes a column NOT NULL, without a scan that anybody has to wait for. No release that runs may
   * write NULL any longer; append {@link Migration.NotNullSet#fillNullsWith} if one still does, or
   * if there are rows with NULL.
   *
   * <pre>{@code
   * Migration.define("2026-11-23-users-email").table("users").setNotNull("email").fillNullsWith("'unknown'");
   * }</pre>
   *
   * @param column the column
   * @return a migration that ends at {@link Phase#BACKFILL}, and its continuation
   */
  public Migration.NotNullSet setNotNull(String column) {
    return new NotNullStage(before, new SetNotNull(table, column, null, false));
  }

  /**
   * Adds a CHECK constraint, and has the rows that are there checked beside the running
   * application. Every release that runs must keep to it already.
   *
   * <pre>{@code
   * Migration.define("2026-11-23-price").table("product").addCheck("price_not_negative", "price >= 0");
   * }</pre>
   *
   * @param name the name of the constraint
   * @param expression an SQL expression over the columns of a row, named without the table
   * @return a migration that ends at {@link Phase#BACKFILL}
   */
  public Migration.Whole addCheck(String name, String expression) {
    return new WholeStage(
        before, new AddCheck(table, name, Names.expression(before.id(), "addCheck", expression)));
  }

  /**
   * Adds a foreign key, and has the rows that are there checked beside the running application.
   * Every release that runs must keep to it already.
   *
   * <pre>{@code
   * Migration.define("2026-11-23-orders-customer")
   *     .table("orders")
   *     .addForeignKey("orders_customer", "customer_id")
   *     .references("customers", "id");
   * }</pre>
   *
   * @param name the name of the constraint
   * @param column a column of this table
   * @param more further columns, if the key has more than one
   * @return what to say next: the table it refers to
   */
  public NewForeignKey addForeignKey(String name, String column, String... more) {
    return new NewForeignKey(before, table, name, Names.columns(column, more));
  }

  /**
   * Adds a unique constraint: first its index, built beside the running application, then the
   * constraint, which takes that index. Every release that runs must keep to it already.
   *
   * <pre>{@code
   * Migration.define("2026-11-23-users-email-once").table("users").addUnique("users_email", "email");
   * }</pre>
   *
   * @param name the name of the constraint and of its index
   * @param column a column
   * @param more further columns, if only together they are unique
   * @return a migration that ends at {@link Phase#BACKFILL}
   */
  public Migration.Whole addUnique(String name, String column, String... more) {
    return new WholeStage(before, new AddUnique(table, name, Names.columns(column, more)));
  }

  /**
   * Adds an index, built beside the running application. One that an interrupted build left invalid
   * is built again.
   *
   * <pre>{@code
   * Migration.define("2026-11-23-users-by-email")
   *     .table("users")
   *     .addIndex("users_by_email")
   *     .onExpressions("lower(email) text_pattern_ops, created_at DESC")
   *     .where("NOT deleted");
   * }</pre>
   *
   * @param name the name of the index
   * @return what to say next: what is indexed
   */
  public NewIndex addIndex(String name) {
    return new NewIndex(before, table, name);
  }

  /**
   * Drops an index, beside the running application. An old release may need it for its queries, so
   * it goes in {@link Phase#CONTRACT}, when every live instance declares it; until the retention
   * time is over, an undo builds it again.
   *
   * <pre>{@code
   * Migration.define("2026-11-23-no-users-by-name").table("users").dropIndex("users_by_name");
   * }</pre>
   *
   * @param name the name of the index
   * @return a migration that ends at {@link Phase#CONTRACT}
   */
  public Migration.Whole dropIndex(String name) {
    return new WholeStage(before, new DropIndex(table, name));
  }

  /**
   * Drops the table. An old release may use it, so it goes in {@link Phase#CONTRACT}, when every
   * live instance declares it: first it is only renamed, so that an undo brings it back with its
   * rows, and after the retention time it is dropped.
   *
   * <pre>{@code
   * Migration.define("2026-11-26-no-orders").table("orders").dropTable();
   * }</pre>
   *
   * @return a migration that ends at {@link Phase#CONTRACT}
   */
  public Migration.Whole dropTable() {
    return new WholeStage(before, new DropTable(table));
  }

  /**
   * Gives a column another default. Rows that are there keep their values; every release whose
   * inserts leave the column out gets the new one from now on.
   *
   * @param column the column
   * @param expression the default, as SQL writes it
   * @return a migration that ends at {@link Phase#EXPAND}
   */
  public Migration.Whole setDefault(String column, String expression) {
    return new WholeStage(
        before,
        new SetDefault(table, column, Names.expression(before.id(), "setDefault", expression)));
  }

  /**
   * Takes the default of a column away. Older releases may leave the column out of their inserts,
   * so it goes in {@link Phase#CONTRACT}, when every live instance declares it.
   *
   * @param column the column
   * @return a migration that ends at {@link Phase#CONTRACT}
   */
  public Migration.Whole dropDefault(String column) {
    return new WholeStage(before, new DropDefault(table, column));
  }

  /**
   * Lets a column be NULL again. Older releases may read NULL from then on where they never met it:
   * write it only when they are gone.
   *
   * @param column the column
   * @return a migration that ends at {@link Phase#EXPAND}
   */
  public Migration.Whole dropNotNull(String column) {
    return new WholeStage(before, new DropNotNull(table, column));
  }

  /**
   * Drops a CHECK constraint, on which no release can rely, so that it is gone before the first
   * release serves that writes what it forbids.
   *
   * @param name the name of the constraint
   * @return a migration that ends at {@link Phase#EXPAND}
   */
  public Migration.Whole dropCheck(String name) {
    return new WholeStage(before, new DropConstraint(table, name, true));
  }

  /**
   * Drops a unique constraint or a foreign key. An older release may rely on it, by {@code ON
   * CONFLICT} or a cascade, so it goes in {@link Phase#CONTRACT}, when every live instance declares
   * it; until the retention time is over, an undo makes it again.
   *
   * @param name the name of the constraint
   * @return a migration that ends at {@link Phase#CONTRACT}
   */
  public Migration.Whole dropConstraint(String name) {
    return new WholeStage(before, new DropConstraint(table, name, false));
  }

  /**
   * Gives a constraint another name, and its index, if it has one. That of a unique constraint must
   * be followed by {@link Migration.ConstraintRenamed#inContract}.
   *
   * @param from the name it has
   * @param to the name it shall have
   * @return a migration that ends at {@link Phase#EXPAND}, and its continuation
   */
  public Migration.ConstraintRenamed renameConstraint(String from, String to) {
    return new RenameConstraintStage(before, new RenameConstraint(table, from, to, false));
  }

  /**
   * Gives an index another name.
   *
   * @param from the name it has
   * @param to the name it shall have
   * @return a migration that ends at {@link Phase#EXPAND}
   */
  public Migration.Whole renameIndex(String from, String to) {
    return new WholeStage(before, new RenameIndex(table, from, to));
  }

  /**
   * Comments the table.
   *
   * @param text the comment; empty to remove the one there is
   * @return a migration that ends at {@link Phase#EXPAND}
   */
  public Migration.Whole comment(String text) {
    return new WholeStage(before, new Comment(table, null, text));
  }

  /**
   * Comments a column.
   *
   * @param column the column
   * @param text the comment; empty to remove the one there is
   * @return a migration that ends at {@link Phase#EXPAND}
   */
  public Migration.Whole comment(String column, String text) {
    return new WholeStage(before, new Comment(table, column, text));
  }
}
