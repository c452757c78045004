package dev.migrator.internal.operation.table;

import dev.migrator.internal.sql.Identifiers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A foreign key by which a table refers to another one.
 *
 * @param name its name
 * @param definition its definition in the server's own words
 * @param validated whether it is known to hold for all rows
 * @param parent the table that it refers to, quoted
 * @param comment its comment
 */
record OutgoingKey(
    String name, String definition, boolean validated, String parent, @Nullable String comment) {

  String drop(String table) {
    return "ALTER TABLE %s DROP CONSTRAINT %s".formatted(table, Identifiers.quote(name));
  }

  /** Adds it again for new rows only. What was not validated says so in its definition. */
  List<String> addAgain(String table) {
    List<String> sql = new ArrayList<>();
    sql.add(
        "ALTER TABLE %s ADD CONSTRAINT %s %s%s"
            .formatted(table, Identifiers.quote(name), definition, validated ? " NOT VALID" : ""));
    if (comment != null) {
      sql.add(
          "COMMENT ON CONSTRAINT %s ON %s IS %s"
              .formatted(Identifiers.quote(name), table, Identifiers.literal(comment)));
    }
    return sql;
  }

  String validate(String table) {
    return "ALTER TABLE %s VALIDATE CONSTRAINT %s".formatted(table, Identifiers.quote(name));
  }
}
