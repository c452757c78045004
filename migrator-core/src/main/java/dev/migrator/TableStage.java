package dev.migrator;

import dev.migrator.internal.Names;
import dev.migrator.operation.CreateTable;
import dev.migrator.operation.CreateTable.Check;
import dev.migrator.operation.CreateTable.Column;
import dev.migrator.operation.CreateTable.ForeignKey;
import dev.migrator.operation.CreateTable.Identity;
import dev.migrator.operation.CreateTable.Unique;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** The stages of a new table. */
final class TableStage extends Stage implements TableCreated.ColumnDefined, TableCreated.KeyAdded {

  private final CreateTable create;

  TableStage(MigrationBuilder before, CreateTable create) {
    super(before, create);
    this.create = create;
  }

  @Override
  public TableCreated.ColumnDefined column(String name, String type) {
    return withColumns(added(create.columns(), new Column(name, type, false, null, null, null)));
  }

  @Override
  public TableCreated.ColumnDefined notNull() {
    return column(
        it ->
            new Column(
                it.name(), it.type(), true, it.defaultExpression(), it.identity(), it.comment()));
  }

  @Override
  public TableCreated.ColumnDefined defaultTo(String expression) {
    String sql = Names.expression(id(), "defaultTo", expression);
    return column(
        it -> new Column(it.name(), it.type(), it.notNull(), sql, it.identity(), it.comment()));
  }

  @Override
  public TableCreated.ColumnDefined identity() {
    return identity(Identity.BY_DEFAULT);
  }

  @Override
  public TableCreated.ColumnDefined identityAlways() {
    return identity(Identity.ALWAYS);
  }

  private TableCreated.ColumnDefined identity(Identity identity) {
    return column(
        it ->
            new Column(
                it.name(),
                it.type(),
                it.notNull(),
                it.defaultExpression(),
                identity,
                it.comment()));
  }

  @Override
  public TableCreated.ColumnDefined comment(String text) {
    return column(
        it ->
            new Column(
                it.name(), it.type(), it.notNull(), it.defaultExpression(), it.identity(), text));
  }

  @Override
  public TableCreated primaryKey(String column, String... more) {
    return new TableStage(
        before(),
        new CreateTable(
            create.table(),
            create.columns(),
            Names.columns(column, more),
            create.uniques(),
            create.checks(),
            create.foreignKeys(),
            create.comment()));
  }

  @Override
  public TableCreated unique(String name, String column, String... more) {
    return new TableStage(
        before(),
        new CreateTable(
            create.table(),
            create.columns(),
            create.primaryKey(),
            added(create.uniques(), new Unique(name, Names.columns(column, more))),
            create.checks(),
            create.foreignKeys(),
            create.comment()));
  }

  @Override
  public TableCreated check(String name, String expression) {
    return new TableStage(
        before(),
        new CreateTable(
            create.table(),
            create.columns(),
            create.primaryKey(),
            create.uniques(),
            added(create.checks(), new Check(name, Names.expression(id(), "check", expression))),
            create.foreignKeys(),
            create.comment()));
  }

  @Override
  public NewTableKey foreignKey(String name, String column, String... more) {
    return new NewTableKey(this, Names.check("constraint", name), Names.columns(column, more));
  }

  @Override
  public TableCreated.KeyAdded onDelete(OnDelete rule) {
    List<ForeignKey> keys = create.foreignKeys();
    ForeignKey key = keys.get(keys.size() - 1);
    return withKeys(
        added(
            keys.subList(0, keys.size() - 1),
            new ForeignKey(key.name(), key.columns(), key.parent(), key.parentColumns(), rule)));
  }

  @Override
  public TableCreated tableComment(String text) {
    return new TableStage(
        before(),
        new CreateTable(
            create.table(),
            create.columns(),
            create.primaryKey(),
            create.uniques(),
            create.checks(),
            create.foreignKeys(),
            text));
  }

  TableStage with(ForeignKey key) {
    return withKeys(added(create.foreignKeys(), key));
  }

  /** The same with something else of the column that came last. */
  private TableStage column(UnaryOperator<Column> change) {
    List<Column> columns = create.columns();
    int last = columns.size() - 1;
    return withColumns(added(columns.subList(0, last), change.apply(columns.get(last))));
  }

  private TableStage withColumns(List<Column> columns) {
    return new TableStage(
        before(),
        new CreateTable(
            create.table(),
            columns,
            create.primaryKey(),
            create.uniques(),
            create.checks(),
            create.foreignKeys(),
            create.comment()));
  }

  private TableStage withKeys(List<ForeignKey> keys) {
    return new TableStage(
        before(),
        new CreateTable(
            create.table(),
            create.columns(),
            create.primaryKey(),
            create.uniques(),
            create.checks(),
            keys,
            create.comment()));
  }

  private static <T> List<T> added(List<T> list, T one) {
    List<T> all = new ArrayList<>(list);
    all.add(one);
    return all;
  }
}
