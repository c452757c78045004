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
    return change.attachments().stream().filter(it -> it.counterpart() == null).toList();
  }

  public IndexName index(Attachment attachment) {
    return new IndexName(change.table().schema(), carriedName(attachment));
  }

  public String buildIndex(Attachment attachment) {
    return "CREATE %sINDEX CONCURRENTLY %s ON %s USING %s"
        .formatted(
            attachment.unique() ? "UNIQUE " : "",
            Identifiers.quote(carriedName(attachment)),
            table,
            attachment.definition());
  }

  public String addUniqueConstraint(Attachment attachment) {
    String name = Identifiers.quote(carriedName(attachment));
    return "ALTER TABLE %s ADD CONSTRAINT %s UNIQUE USING INDEX %s%s"
        .formatted(table, name, name, attachment.deferrability());
  }

  public String addConstraint(Attachment attachment) {
    return "ALTER TABLE %s ADD CONSTRAINT %s %s NOT VALID"
        .formatted(table, Identifiers.quote(carriedName(attachment)), attachment.definition());
  }

  public String validate(Attachment attachment) {
    return "ALTER TABLE %s VALIDATE CONSTRAINT %s"
        .formatted(table, Identifiers.quote(carriedName(attachment)));
  }

  public String dropConstraint(Attachment attachment) {
    return "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s"
        .formatted(table, Identifiers.quote(carriedName(attachment)));
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
      sql.add(
          index
              ? "ALTER INDEX %s RENAME TO %s"
                  .formatted(Identifiers.quote(change.table().schema(), carried), old)
              : "ALTER TABLE %s RENAME CONSTRAINT %s TO %s"
                  .formatted(table, Identifiers.quote(carried), old));
    }
    return sql;
  }

  private String carriedName(Attachment attachment) {
    return change.names().carried(attachment.kind() + attachment.definition());
  }
}
