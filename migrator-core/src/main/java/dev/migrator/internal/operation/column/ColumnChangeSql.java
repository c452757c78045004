package dev.migrator.internal.operation.column;

import dev.migrator.internal.catalog.ColumnFacts;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.RangeSql;
import dev.migrator.internal.sql.TableLock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** The SQL of a change of columns, phase by phase, each with what takes it back. */
public final class ColumnChangeSql {

  private final ResolvedColumnChange change;

  private final String table;

  public ColumnChangeSql(ResolvedColumnChange change) {
    this.change = withCarriedDefaults(change);
    this.table = change.table().quoted();
  }

  public List<TableLock> lock() {
    return List.of(new TableLock(table, TableLock.Mode.ACCESS_EXCLUSIVE));
  }

  /** Dropping a foreign key locks the table it refers to as well. */
  public List<TableLock> retireLocks() {
    Set<String> tables = new LinkedHashSet<>();
    tables.add(table);
    change.attachments().stream()
        .map(DependentObject::parent)
        .filter(Objects::nonNull)
        .forEach(tables::add);
    return tables.stream().map(it -> new TableLock(it, TableLock.Mode.ACCESS_EXCLUSIVE)).toList();
  }

  /** Adds what is missing; columns that are there already are left as they are. */
  public List<String> addColumns() {
    List<ColumnFacts> missing = missing();
    if (missing.isEmpty()) {
      return List.of();
    }
    List<String> sql = new ArrayList<>();
    sql.add(
        missing.stream()
            .map(it -> "ADD COLUMN " + definition(it))
            .collect(Collectors.joining(", ", "ALTER TABLE " + table + " ", "")));
    for (String setting : change.settings()) {
      sql.add(
          "ALTER TABLE %s ALTER COLUMN %s %s".formatted(table, missing.get(0).quoted(), setting));
    }
    for (ColumnFacts column : missing) {
      if (column.comment() != null) {
        sql.add(
            "COMMENT ON COLUMN %s.%s IS %s"
                .formatted(table, column.quoted(), Identifiers.literal(column.comment())));
      }
    }
    return sql;
  }

  public List<String> undoAddColumns() {
    List<ColumnFacts> missing = missing();
    return missing.isEmpty()
        ? List.of()
        : List.of(
            missing.stream()
                .map(it -> "DROP COLUMN IF EXISTS " + it.quoted())
                .collect(Collectors.joining(", ", "ALTER TABLE " + table + " ", "")));
  }

  /** The triggers, and with them the default: before, nothing would copy it to the other side. */
  public List<String> installSync() {
    List<String> sql = new ArrayList<>(TriggerSql.of(change).create());
    sql.addAll(setDefaults());
    sql.addAll(describe());
    return sql;
  }

  /** Gives the new side the default of the old one, for inserts that name neither. */
  public List<String> setDefaults() {
    List<String> sql = new ArrayList<>();
    for (ColumnFacts column : change.newSide()) {
      if (column.defaultExpression() != null) {
        sql.add(setDefault(column, column.defaultExpression()));
      }
    }
    return sql;
  }

  /** What a chain that ended at the new column in EXPAND could not copy to it yet. */
  public List<String> describe() {
    return MadeAnew.description(change);
  }

  public List<String> undoSetDefaults() {
    return change.newSide().stream()
        .filter(it -> it.defaultExpression() != null)
        .map(this::dropDefault)
        .toList();
  }

  /**
   * Takes the triggers away and empties the new side, by making its columns anew, which rewrites
   * nothing: values that nothing keeps in step any longer would be taken for good the next time.
   */
  public List<String> undoInstallSync() {
    List<String> sql = new ArrayList<>(TriggerSql.of(change).drop());
    sql.add(
        change.newSide().stream()
            .map(it -> "DROP COLUMN " + it.quoted() + ", ADD COLUMN " + definition(it))
            .collect(Collectors.joining(", ", "ALTER TABLE " + table + " ", "")));
    return sql;
  }

  public List<String> triggerNames() {
    return TriggerSql.of(change).triggerNames();
  }

  public RangeSql ranges() {
    return ranges(change.newSide(), Comparison.disagrees(change));
  }

  private RangeSql ranges(List<ColumnFacts> filled, String disagrees) {
    return new RangeSql(
        change.table().oid(),
        change.table().toString(),
        change.table().estimatedRows(),
        table,
        Identifiers.quote(change.table().name()),
        assignments(filled),
        disagrees,
        change.userTriggers());
  }

  /**
   * Puts the old side out of use with its data intact. Triggers and columns change together: a
   * write must never meet a trigger without its column.
   */
  public List<String> retire() {
    List<String> sql = new ArrayList<>();
    if (!change.byApplication()) {
      sql.addAll(TriggerSql.of(change).drop());
    }
    sql.addAll(releaseOld());
    for (int i = 0; i < change.oldSide().size(); i++) {
      sql.add(
          "ALTER TABLE %s RENAME COLUMN %s TO %s"
              .formatted(table, change.oldSide().get(i).quoted(), retiredName(i)));
    }
    return sql;
  }

  /**
   * Nobody has to write the old side any longer: what hangs on it would only reject what is right
   * on the new one, or delete its rows.
   */
  public List<String> releaseOld() {
    List<String> sql = new ArrayList<>(new DependentObjectSql(change).replaceOld());
    for (ColumnFacts column : change.oldSide()) {
      sql.add(
          "ALTER TABLE %s ALTER COLUMN %s DROP NOT NULL, ALTER COLUMN %s DROP DEFAULT"
              .formatted(table, column.quoted(), column.quoted()));
    }
    if (change.isCopy()) {
      ColumnFacts old = change.oldSide().get(0);
      if (old.defaultExpression() != null && !old.constantDefault()) {
        sql.add(setDefault(change.newSide().get(0), old.defaultExpression()));
      }
      change.namesakeNotNull().ifPresent(it -> sql.addAll(named(it, old)));
    }
    return sql;
  }

  private List<String> named(NamedNotNull carried, ColumnFacts old) {
    NamedNotNull own = change.ownNotNull(old).orElseThrow();
    return List.of(carried.rename(table, own.name()), own.describe(table));
  }

  /** Puts the old side into use again, as far as one transaction can. */
  public List<String> restore() {
    List<String> sql = new ArrayList<>(bringBack());
    sql.addAll(giveBack());
    sql.addAll(TriggerSql.afterContract(change).create());
    return sql;
  }

  /** Makes the old columns visible again, with what they had when they were retired. */
  public List<String> bringBack() {
    List<String> sql = new ArrayList<>();
    for (int i = 0; i < change.oldSide().size(); i++) {
      sql.add(
          "ALTER TABLE %s RENAME COLUMN %s TO %s"
              .formatted(table, retiredName(i), change.oldSide().get(i).quoted()));
    }
    return sql;
  }

  /** Undoes what {@link #releaseOld()} did, as far as it takes no look at the rows. */
  public List<String> giveBack() {
    List<String> sql = new ArrayList<>();
    for (ColumnFacts column : change.oldSide()) {
      if (column.defaultExpression() != null) {
        sql.add(setDefault(column, column.defaultExpression()));
        if (change.isCopy() && !column.constantDefault()) {
          sql.add(dropDefault(change.newSide().get(0)));
        }
      }
    }
    sql.addAll(new DependentObjectSql(change).giveNamesBack());
    change.namesakeNotNull().ifPresent(it -> sql.add(nameBack(it)));
    return sql;
  }

  /** Its own name is that of the old column's again, which is made later. */
  private String nameBack(NamedNotNull carried) {
    NamedNotNull own = change.ownNotNull(change.oldSide().get(0)).orElseThrow();
    return "DO "
        + Identifiers.dollarQuoted(
            """
            BEGIN
              %s;
              %s;
            EXCEPTION WHEN undefined_object THEN
              NULL; -- it was dropped since the contract
            END"""
                .formatted(own.rename(table, carried.name()), carried.describe(table)));
  }

  public List<String> triggerNamesAfterContract() {
    List<String> names = new ArrayList<>(triggerNames());
    names.add(TriggerSql.afterContract(change).catchUpTriggerName());
    return names;
  }

  public List<String> dropCatchUp() {
    return TriggerSql.afterContract(change).dropCatchUp();
  }

  /** The way back: the old side from the new one, in the rows that changed since the contract. */
  public RangeSql rangesAfterContract() {
    return ranges(change.oldSide(), Comparison.disagreesAfterContract(change));
  }

  private String assignments(List<ColumnFacts> side) {
    return side.stream()
        .map(it -> it.quoted() + " = (" + change.expression(it) + ")")
        .collect(Collectors.joining(", "));
  }

  /** Drops what {@link #retire()} has put aside. */
  public List<String> dropRetired() {
    List<String> drops = new ArrayList<>();
    for (int i = 0; i < change.oldSide().size(); i++) {
      drops.add("DROP COLUMN IF EXISTS " + retiredName(i));
    }
    return List.of("ALTER TABLE " + table + " " + String.join(", ", drops));
  }

  private String retiredName(int index) {
    return Identifiers.quote(change.names().retired(index));
  }

  private List<ColumnFacts> missing() {
    return change.newSide().stream().filter(it -> !change.present().contains(it.name())).toList();
  }

  private String setDefault(ColumnFacts column, String expression) {
    return "ALTER TABLE %s ALTER COLUMN %s SET DEFAULT %s"
        .formatted(table, column.quoted(), expression);
  }

  private String dropDefault(ColumnFacts column) {
    return "ALTER TABLE %s ALTER COLUMN %s DROP DEFAULT".formatted(table, column.quoted());
  }

  private static String definition(ColumnFacts column) {
    String collate = (column.collation() == null) ? "" : " COLLATE " + column.collation();
    return column.quoted() + " " + column.type() + collate;
  }

  private static ResolvedColumnChange withCarriedDefaults(ResolvedColumnChange change) {
    if (!change.isCopy()) {
      return change;
    }
    ColumnFacts old = change.oldSide().get(0);
    ColumnFacts target = change.newSide().get(0);
    if (old.defaultExpression() == null || !old.constantDefault()) {
      return change;
    }
    ColumnFacts carried =
        new ColumnFacts(
            target.name(),
            target.type(),
            target.notNull(),
            old.defaultExpression(),
            true,
            target.kind(),
            target.exactEquality(),
            target.collation(),
            target.comment());
    return change.withNewSide(List.of(carried));
  }
}
