package dev.migrator.internal.operation.foreignkey;

import dev.migrator.OnDelete;
import dev.migrator.Phase;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.ResolvedOperation;
import dev.migrator.internal.operation.ValidatedConstraint;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.TableLock;
import dev.migrator.internal.sql.ViolatingRows;
import dev.migrator.internal.step.PhaseSteps;
import java.util.ArrayList;
import java.util.List;

/**
 * A new foreign key.
 *
 * @param name its name
 * @param columns the columns that refer
 * @param parent the table that is referred to
 * @param parentColumns its columns
 * @param onDelete what becomes of the rows when what they refer to is deleted
 * @param present whether it is there, validated or not
 * @param validated whether it is known to hold for all rows
 */
public record ResolvedForeignKey(
    TableFacts table,
    String name,
    List<String> columns,
    TableFacts parent,
    List<String> parentColumns,
    OnDelete onDelete,
    boolean present,
    boolean validated)
    implements ResolvedOperation {

  public ResolvedForeignKey {
    columns = List.copyOf(columns);
    parentColumns = List.copyOf(parentColumns);
  }

  /**
   * The parent first, as the application's own transactions mostly do: who waits for the second
   * table while holding the first would otherwise wait for somebody who waits for us.
   */
  private List<TableLock> locks() {
    List<TableLock> locks = new ArrayList<>();
    locks.add(new TableLock(parent.quoted(), TableLock.Mode.SHARE_ROW_EXCLUSIVE));
    if (parent.oid() != table.oid()) {
      locks.add(new TableLock(table.quoted(), TableLock.Mode.SHARE_ROW_EXCLUSIVE));
    }
    return locks;
  }

  @Override
  public PhaseSteps steps(Phase phase) {
    return (phase == Phase.BACKFILL)
        ? PhaseSteps.of(
            new ValidatedConstraint(
                    "foreign-key",
                    locks(),
                    undoLocks(),
                    add(),
                    undo(),
                    validate(),
                    orphans(table, columns, parent, parentColumns))
                .steps(phase, present, validated))
        : PhaseSteps.NONE;
  }

  /** Dropping a foreign key locks the other table as well. */
  private List<TableLock> undoLocks() {
    return locks().stream()
        .map(it -> new TableLock(it.table(), TableLock.Mode.ACCESS_EXCLUSIVE))
        .toList();
  }

  private String add() {
    return "ALTER TABLE %s ADD CONSTRAINT %s FOREIGN KEY (%s) REFERENCES %s (%s) ON DELETE %s NOT VALID"
        .formatted(
            table.quoted(),
            Identifiers.quote(name),
            Identifiers.quoteAll(columns),
            parent.quoted(),
            Identifiers.quoteAll(parentColumns),
            onDelete.name().replace('_', ' '));
  }

  private String validate() {
    return "ALTER TABLE %s VALIDATE CONSTRAINT %s"
        .formatted(table.quoted(), Identifiers.quote(name));
  }

  private String undo() {
    return "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s"
        .formatted(table.quoted(), Identifiers.quote(name));
  }

  /** The code that the catalog has for the rule. */
  public static String code(OnDelete rule) {
    return switch (rule) {
      case NO_ACTION -> "a";
      case RESTRICT -> "r";
      case CASCADE -> "c";
      case SET_NULL -> "n";
      case SET_DEFAULT -> "d";
    };
  }

  /**
   * The rows that refer to nothing. One with a NULL among its columns refers to nothing, and is
   * right.
   */
  public static ViolatingRows orphans(
      TableFacts table, List<String> columns, TableFacts parent, List<String> parentColumns) {
    List<String> refers = new ArrayList<>();
    List<String> matches = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      String column = "child." + Identifiers.quote(columns.get(i));
      refers.add(column + " IS NOT NULL");
      matches.add("parent." + Identifiers.quote(parentColumns.get(i)) + " = " + column);
    }
    String rows =
        "FROM ONLY %s AS child WHERE %s AND NOT EXISTS (SELECT FROM ONLY %s AS parent WHERE %s)"
            .formatted(
                table.quoted(),
                String.join(" AND ", refers),
                parent.quoted(),
                String.join(" AND ", matches));
    return new ViolatingRows(
        "SELECT count(*) " + rows,
        "rows of %s refer to nothing in %s; delete or change them, or add what they refer to; find them by: SELECT child.* %s"
            .formatted(table, parent, rows));
  }
}
