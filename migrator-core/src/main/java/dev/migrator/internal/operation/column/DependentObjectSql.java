package dev.migrator.internal.operation.column;

import dev.migrator.internal.catalog.PartNames;
import dev.migrator.internal.catalog.PartitionedIndex;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.IndexName;
import dev.migrator.internal.sql.ObjectNames;
import dev.migrator.internal.sql.TableLock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gives the new column the indexes and constraints of the old one. */
public final class DependentObjectSql {

  private final ResolvedColumnChange change;

  private final String table;

  public DependentObjectSql(ResolvedColumnChange change) {
    this.change = change;
    this.table = change.table().quoted();
  }

  /** Whether the table is partitioned, so that its indexes have parts on all partitions. */
  public boolean partitioned() {
    return change.table().partitioned();
  }

  /** What the new column lacks so far. */
  public List<DependentObject> missing() {
    return change.attachments().stream()
        .filter(it -> it.counterpart() == null && !it.duplicate())
        .toList();
  }

  /**
   * All of them, with what the new column will have of what it lacks so far.
   *
   * @param arbiters whether that has what is unique, too
   */
  List<DependentObject> carried(boolean arbiters) {
    return change.attachments().stream()
        .map(
            it ->
                (it.counterpart() == null && !it.duplicate() && (arbiters || !it.isArbiter()))
                    ? it.carriedAs(carried(it).index().name())
                    : it)
        .toList();
  }

  /** The attachments of the old column, under their own names, to be made again. */
  public List<Made> again() {
    return change.attachments().stream()
        .map(it -> new Made(it, it.name(), it.original(), it.parts()))
        .toList();
  }

  /** An attachment as it is to be made on the new column. */
  public Made carried(DependentObject attachment) {
    return new Made(
        attachment,
        change.names().carried(attachment.kind() + attachment.definition()),
        attachment.definition(),
        Map.of());
  }

  /** The statements that make an attachment under a name. */
  public final class Made {

    private final DependentObject attachment;

    private final String name;

    private final String definition;

    private final Map<Long, String> parts;

    private Made(
        DependentObject attachment, String name, String definition, Map<Long, String> parts) {
      this.attachment = attachment;
      this.name = name;
      this.definition = definition;
      this.parts = parts;
    }

    public DependentObject attachment() {
      return attachment;
    }

    public IndexName index() {
      return DependentObjectSql.this.index(name);
    }

    public PartitionedIndex partitionedIndex() {
      return new PartitionedIndex(change.table().oid(), table, index(), definition, parts, null);
    }

    public String buildIndex() {
      return "CREATE %sINDEX CONCURRENTLY %s ON %s USING %s"
          .formatted(
              attachment.unique() ? "UNIQUE " : "", Identifiers.quote(name), table, definition);
    }

    public String addUniqueConstraint() {
      return "ALTER TABLE %s ADD CONSTRAINT %s UNIQUE USING INDEX %s%s"
          .formatted(
              table, Identifiers.quote(name), Identifiers.quote(name), attachment.deferrability());
    }

    public String addConstraint() {
      return "ALTER TABLE %s ADD CONSTRAINT %s %s NOT VALID"
          .formatted(table, Identifiers.quote(name), definition);
    }

    public String validate() {
      return "ALTER TABLE %s VALIDATE CONSTRAINT %s".formatted(table, Identifiers.quote(name));
    }

    /** What it has beyond its definition, under its own name. */
    public List<String> details() {
      return attachment.details().statements(table, index());
    }

    public String dropConstraint() {
      return "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s"
          .formatted(table, Identifiers.quote(name));
    }
  }

  public List<TableLock> locks(DependentObject attachment) {
    List<TableLock> locks = new ArrayList<>();
    boolean foreignKey = attachment.parent() != null;
    locks.add(
        new TableLock(
            table,
            foreignKey ? TableLock.Mode.SHARE_ROW_EXCLUSIVE : TableLock.Mode.ACCESS_EXCLUSIVE));
    if (attachment.parent() != null && !attachment.parent().equals(table)) {
      locks.add(new TableLock(attachment.parent(), TableLock.Mode.SHARE_ROW_EXCLUSIVE));
    }
    return locks;
  }

  /** Dropping a foreign key locks the other table as well. */
  List<TableLock> dropLocks(DependentObject attachment) {
    return locks(attachment).stream()
        .map(it -> new TableLock(it.table(), TableLock.Mode.ACCESS_EXCLUSIVE))
        .toList();
  }

  /**
   * In the moment in which the old column is retired, what hangs on it goes, and what has taken its
   * place gets its name: on a column that nobody writes any longer, a unique constraint, a check or
   * a foreign key would only reject what is right.
   */
  List<String> replaceOld() {
    List<String> sql = new ArrayList<>();
    for (DependentObject attachment : change.attachments()) {
      @Nullable String carried = takesPlace(attachment);
      if (carried != null && hasParts(attachment)) {
        sql.add(parts(attachment).replacedBy(index(carried)));
        continue;
      }
      sql.add(
          attachment.kind() == DependentObject.Kind.INDEX
              ? "DROP INDEX " + index(attachment.name()).quoted()
              : "ALTER TABLE %s DROP CONSTRAINT %s"
                  .formatted(table, Identifiers.quote(attachment.name())));
      if (carried != null) {
        sql.add(rename(attachment, carried, attachment.name()));
        sql.addAll(attachment.details().statements(table, index(attachment.name())));
      }
    }
    return sql;
  }

  /** The names that {@link #replaceOld()} has changed, as they were. */
  List<String> giveNamesBack() {
    List<String> sql = new ArrayList<>();
    for (DependentObject attachment : change.attachments()) {
      @Nullable String carried = takesPlace(attachment);
      if (carried != null && hasParts(attachment)) {
        sql.add(parts(attachment).renamed(carried));
      } else if (carried != null) {
        sql.add(
            "DO "
                + Identifiers.dollarQuoted(
                    """
                    BEGIN
                      %s;
                    EXCEPTION WHEN undefined_table OR undefined_object THEN
                      NULL; -- it was dropped since the contract
                    END"""
                        .formatted(rename(attachment, attachment.name(), carried))));
      }
    }
    return sql;
  }

  /** The name of what was made here and takes the place of an attachment. */
  private static @Nullable String takesPlace(DependentObject attachment) {
    String name = attachment.counterpart();
    return (name != null && ObjectNames.isOurs(name)) ? name : null;
  }

  private boolean hasParts(DependentObject attachment) {
    return partitioned() && attachment.kind() == DependentObject.Kind.INDEX;
  }

  private PartNames parts(DependentObject attachment) {
    return new PartNames(index(attachment.name()));
  }

  private IndexName index(String name) {
    return new IndexName(change.table().schema(), name);
  }

  private String rename(DependentObject attachment, String from, String to) {
    return (attachment.kind() == DependentObject.Kind.INDEX)
        ? index(from).rename(to)
        : "ALTER TABLE %s RENAME CONSTRAINT %s TO %s"
            .formatted(table, Identifiers.quote(from), Identifiers.quote(to));
  }
}
