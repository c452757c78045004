package dev.migrator.postgres;

import java.util.ArrayList;
import java.util.List;

/** Gives the new column the indexes and constraints of the old one. */
public final class CarrySql {

  private final ResolvedChange change;

  private final String table;

  public CarrySql(ResolvedChange change) {
    this.change = change;
    this.table = change.table().quoted();
  }

  /** What the new column lacks so far. */
  public List<Attachment> missing() {
    return change.attachments().stream()
        .filter(it -> it.counterpart() == null && !it.duplicate())
        .toList();
  }

  /** The attachments of the old column, under their own names, to be made again. */
  public List<Made> again() {
    return change.attachments().stream().map(it -> new Made(it, it.name(), it.original())).toList();
  }

  /** An attachment as it is to be made on the new column. */
  public Made carried(Attachment attachment) {
    return new Made(
        attachment,
        change.names().carried(attachment.kind() + attachment.definition()),
        attachment.definition());
  }

  /** The statements that make an attachment under a name. */
  public final class Made {

    private final Attachment attachment;

    private final String name;

    private final String definition;

    private Made(Attachment attachment, String name, String definition) {
      this.attachment = attachment;
      this.name = name;
      this.definition = definition;
    }

    public Attachment attachment() {
      return attachment;
    }

    public IndexName index() {
      return new IndexName(change.table().schema(), name);
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

    public String dropConstraint() {
      return "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s"
          .formatted(table, Identifiers.quote(name));
    }
  }

  public List<TableLock> locks(Attachment attachment) {
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

  /**
   * In the moment in which the old column is retired, what hangs on it goes, and what has taken its
   * place gets its name: on a column that nobody writes any longer, a unique constraint, a check or
   * a foreign key would only reject what is right.
   */
  List<String> replaceOld() {
    List<String> sql = new ArrayList<>();
    for (Attachment attachment : change.attachments()) {
      String old = Identifiers.quote(attachment.name());
      boolean index = attachment.kind() == Attachment.Kind.INDEX;
      sql.add(
          index
              ? "DROP INDEX " + Identifiers.quote(change.table().schema(), attachment.name())
              : "ALTER TABLE %s DROP CONSTRAINT %s".formatted(table, old));
      String carried = attachment.counterpart();
      if (carried == null || !ObjectNames.isOurs(carried)) {
        continue;
      }
      sql.add(rename(attachment, carried, attachment.name()));
    }
    return sql;
  }

  /** The names that {@link #replaceOld()} has changed, as they were. */
  List<String> giveNamesBack() {
    List<String> sql = new ArrayList<>();
    for (Attachment attachment : change.attachments()) {
      String carried = attachment.counterpart();
      if (carried != null && ObjectNames.isOurs(carried)) {
        sql.add(
            """
            DO $migrator$ BEGIN
              %s;
            EXCEPTION WHEN undefined_table OR undefined_object THEN
              NULL; -- it was dropped since the contract
            END $migrator$"""
                .formatted(rename(attachment, attachment.name(), carried)));
      }
    }
    return sql;
  }

  private String rename(Attachment attachment, String from, String to) {
    return (attachment.kind() == Attachment.Kind.INDEX)
        ? "ALTER INDEX %s RENAME TO %s"
            .formatted(Identifiers.quote(change.table().schema(), from), Identifiers.quote(to))
        : "ALTER TABLE %s RENAME CONSTRAINT %s TO %s"
            .formatted(table, Identifiers.quote(from), Identifiers.quote(to));
  }
}
