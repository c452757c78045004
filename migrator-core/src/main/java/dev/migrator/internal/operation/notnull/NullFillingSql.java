package dev.migrator.internal.operation.notnull;

import dev.migrator.internal.catalog.ColumnFacts;
import dev.migrator.internal.catalog.TableClone;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.ObjectNames;
import dev.migrator.internal.sql.RangeSql;
import dev.migrator.internal.sql.TableLock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The trigger that puts a value in the place of NULL, for releases that still write NULL. */
public final class NullFillingSql {

  private final TableFacts table;

  private final ColumnFacts column;

  private final String expression;

  private final ObjectNames names;

  private final List<String> searchPath;

  public NullFillingSql(
      TableFacts table,
      ColumnFacts column,
      String expression,
      ObjectNames names,
      List<String> searchPath) {
    this.table = table;
    this.column = column;
    this.expression = expression;
    this.names = names;
    this.searchPath = List.copyOf(searchPath);
  }

  /** The same with another form of the expression. */
  NullFillingSql with(String other) {
    return new NullFillingSql(table, column, other, names, searchPath);
  }

  TableFacts table() {
    return table;
  }

  /** What the expression is computed from, without values. */
  String source() {
    String from = from(it -> "NULL::" + it.type());
    return from.isEmpty() ? "(SELECT 1) AS none" : from.substring(" FROM ".length());
  }

  /** The name of the trigger for a change. */
  public static String triggerName(ObjectNames names) {
    return names.trigger("filling");
  }

  /** CREATE TRIGGER blocks writes, but no reads. */
  List<TableLock> createLock() {
    return List.of(new TableLock(table.quoted(), TableLock.Mode.SHARE_ROW_EXCLUSIVE));
  }

  List<TableLock> dropLock() {
    return List.of(new TableLock(table.quoted(), TableLock.Mode.ACCESS_EXCLUSIVE));
  }

  List<String> create() {
    return List.of(
        function(),
        """
        CREATE TRIGGER %s BEFORE INSERT OR UPDATE ON %s
        FOR EACH ROW WHEN (NEW.%s IS NULL)
        EXECUTE FUNCTION %s()"""
            .formatted(
                Identifiers.quote(triggerName(names)),
                table.quoted(),
                column.quoted(),
                functionName()));
  }

  List<String> drop() {
    return List.of(
        "DROP TRIGGER IF EXISTS %s ON %s"
            .formatted(Identifiers.quote(triggerName(names)), table.quoted()),
        "DROP FUNCTION IF EXISTS %s()".formatted(functionName()));
  }

  RangeSql ranges() {
    return ranges(table, column, expression);
  }

  /** How the rows are filled in which a column is NULL. */
  public static RangeSql ranges(TableFacts table, ColumnFacts column, String expression) {
    return new RangeSql(
        table.oid(),
        table.toString(),
        table.estimatedRows(),
        table.quoted(),
        Identifiers.quote(table.name()),
        "%s = (%s)".formatted(column.quoted(), expression),
        column.quoted() + " IS NULL",
        true);
  }

  /** The columns that the expression may use, generated ones aside: a BEFORE trigger has none. */
  public List<ColumnFacts> mentioned() {
    return table.columns().stream()
        .filter(it -> it.kind() != ColumnFacts.Kind.GENERATED)
        .filter(it -> TableClone.mentions(expression, it.name()))
        .toList();
  }

  /** The expression as the trigger computes it, to be planned and not run. */
  public String probe() {
    return "SELECT (%s)%s".formatted(expression, from(it -> "NULL::" + it.type()));
  }

  /** The expression as the backfill computes it, on another table of the same shape. */
  String probeUpdate(String table) {
    return "UPDATE %s AS %s SET %s = (%s)"
        .formatted(table, Identifiers.quote(this.table.name()), column.quoted(), expression);
  }

  /**
   * A filling that fails must not fail the write of a release that knows nothing of it: as long as
   * NULL is allowed the row keeps it, and the backfill meets the error.
   */
  private String function() {
    List<String> path = new ArrayList<>(List.of("pg_catalog"));
    searchPath.stream()
        .filter(it -> !it.equals("pg_catalog") && !it.startsWith("pg_temp"))
        .map(Identifiers::quote)
        .forEach(path::add);
    path.add("pg_temp");
    return """
        CREATE OR REPLACE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql
        SET search_path = %s AS %s"""
        .formatted(functionName(), String.join(", ", path), Identifiers.dollarQuoted(body()));
  }

  private String body() {
    return """
        #variable_conflict use_column
        BEGIN
          BEGIN
            SELECT (%s) INTO NEW.%s%s;
          EXCEPTION WHEN OTHERS THEN
            NEW.%s := NULL;
          END;
          RETURN NEW;
        END"""
        .formatted(expression, column.quoted(), from(it -> "NEW." + it.quoted()), column.quoted());
  }

  private String from(java.util.function.Function<ColumnFacts, String> value) {
    List<ColumnFacts> columns = mentioned();
    if (columns.isEmpty()) {
      return "";
    }
    return columns.stream()
        .map(it -> value.apply(it) + " AS " + it.quoted())
        .collect(
            Collectors.joining(", ", " FROM (SELECT ", ") AS " + Identifiers.quote(table.name())));
  }

  private String functionName() {
    return Identifiers.quote(ObjectNames.SCHEMA, names.function("filling"));
  }
}
