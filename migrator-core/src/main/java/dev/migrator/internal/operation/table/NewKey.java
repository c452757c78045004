package dev.migrator.internal.operation.table;

import dev.migrator.internal.sql.Identifiers;
import dev.migrator.operation.CreateTable.ForeignKey;
import org.jspecify.annotations.Nullable;

/**
 * A foreign key of a new table.
 *
 * @param key as it is declared
 * @param parent the table that it refers to, quoted; {@code null} for the new table itself
 * @param parentOid the object id of that table; 0 for the new table itself
 */
record NewKey(ForeignKey key, @Nullable String parent, long parentOid) {

  String definition(String ownTable) {
    return "CONSTRAINT %s FOREIGN KEY (%s) REFERENCES %s (%s) ON DELETE %s"
        .formatted(
            Identifiers.quote(key.name()),
            Identifiers.quoteAll(key.columns()),
            (parent == null) ? ownTable : parent,
            Identifiers.quoteAll(key.parentColumns()),
            key.onDelete().name().replace('_', ' '));
  }
}
