package dev.migrator.diff;

import dev.migrator.diff.internal.difference.Facts;
import dev.migrator.diff.internal.difference.TypeStep;
import dev.migrator.diff.internal.mapping.Attribute;
import dev.migrator.diff.internal.mapping.Mapping;
import dev.migrator.diff.internal.schema.ColumnCheck;
import dev.migrator.diff.internal.schema.Place;
import dev.migrator.diff.internal.schema.Schema;
import dev.migrator.diff.internal.schema.SchemaColumn;
import dev.migrator.diff.internal.schema.SchemaTable;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.Mentions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;

/** Asks the server what only it knows. Leaves nothing behind. */
final class Trial {

  private final Database database;

  private final Schema history;

  private final Schema mapped;

  private final Mapping mapping;

  Trial(DataSource made, Schema history, Schema mapped, Mapping mapping) {
    this.database = new Database(made);
    this.history = history;
    this.mapped = mapped;
    this.mapping = mapping;
  }

  /** Which types are wider than others: on a table of its own, without rows. */
  Map<String, TypeStep> types() {
    Map<String, TypeStep> steps = new HashMap<>();
    for (SchemaTable table : history.tables().values()) {
      SchemaTable other = mapped.table(table.id());
      for (SchemaColumn column : table.columns().values()) {
        SchemaColumn wanted = (other == null) ? null : other.column(column.name());
        if (wanted != null && !column.type().isSame(wanted.type())) {
          steps.put(
              new Place(table.id(), column.name()).text(),
              step(column.type().sql(), wanted.type().sql()));
        }
      }
    }
    return steps;
  }

  private TypeStep step(String from, String to) {
    if (isFree(from, to)) {
      return TypeStep.WIDER;
    }
    return isFree(to, from) ? TypeStep.NARROWER : TypeStep.OTHER;
  }

  private boolean isFree(String from, String to) {
    String file = "SELECT pg_relation_filenode('pg_temp.migrator_diff'::regclass)";
    try {
      return database.andRollBack(
          () -> {
            database.execute("CREATE TEMPORARY TABLE migrator_diff (value %s)".formatted(from));
            Long before = database.jdbc().sql(file).query(Long.class).single();
            database.execute(
                "ALTER TABLE pg_temp.migrator_diff ALTER COLUMN value TYPE %s".formatted(to));
            return before.equals(database.jdbc().sql(file).query(Long.class).single());
          });
    } catch (DataAccessException ex) {
      return false;
    }
  }

  /** Which checks refuse what the enum of an attribute has. */
  Map<String, List<Facts.RefusedValues>> refused() {
    Map<String, List<Facts.RefusedValues>> refused = new HashMap<>();
    for (SchemaTable table : history.tables().values()) {
      for (ColumnCheck check : table.checks()) {
        Place place = new Place(table.id(), check.column());
        Attribute attribute = mapping.at(place);
        SchemaColumn column = table.column(check.column());
        if (attribute == null || attribute.constants() == null || column == null) {
          continue;
        }
        List<String> values =
            attribute.constants().stored().stream()
                .filter(it -> !allows(check, column, it))
                .toList();
        if (!values.isEmpty()) {
          refused
              .computeIfAbsent(place.text(), it -> new ArrayList<>())
              .add(new Facts.RefusedValues(check.name(), values));
        }
      }
    }
    return refused;
  }

  private boolean allows(ColumnCheck check, SchemaColumn column, String value) {
    String sql =
        "SELECT coalesce((%s), true) FROM (SELECT CAST(%s AS %s) AS %s) AS value"
            .formatted(
                check.expression(),
                Identifiers.literal(value),
                column.type().sql(),
                Identifiers.quote(column.name()));
    try {
      return database.query(sql, (rs, row) -> rs.getBoolean(1)).get(0);
    } catch (DataAccessException ex) {
      return true; // a value of another type, of which the comparison of types speaks
    }
  }

  /** The columns that SQL of the mapping's own names. */
  Set<String> named() {
    Set<String> named = new HashSet<>();
    for (String sql : mapping.formulas()) {
      Mentions mentions = Mentions.in(sql);
      for (SchemaTable table : history.tables().values()) {
        table.columns().keySet().stream().filter(mentions::contain).forEach(named::add);
      }
    }
    return named;
  }
}
