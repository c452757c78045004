package dev.migrator.autoconfigure.liquibase;

import dev.migrator.Migration;
import dev.migrator.Migration.Declared;
import dev.migrator.MigrationBuilder;
import dev.migrator.NewIndex;
import dev.migrator.OnDelete;
import dev.migrator.OnTable;
import dev.migrator.Phase;
import dev.migrator.TableName;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The operations that a changelog can declare: each verb of the builder with its attributes. */
enum ChangelogOperation {
  RENAME_COLUMN("renameColumn", true, "from", "to", "reads", "userTriggers") {
    @Override
    Declared declare(MigrationBuilder before, Given given, Phase ready) {
      String from = given.text("from");
      Migration.Backfilled renamed = table(before, given).renameColumn(from, given.text("to"));
      return ColumnsInPhases.goOn(renamed, List.of(from), given, ready);
    }
  },
  EXPAND_CONTRACT(
      "expandContract",
      true,
      "columns",
      "newColumn",
      "oldColumn",
      "dualWrite",
      "reads",
      "userTriggers") {
    @Override
    Declared declare(MigrationBuilder before, Given given, Phase ready) {
      return ColumnsInPhases.declare(table(before, given), given, ready);
    }
  },
  SET_NOT_NULL("setNotNull", true, "column", "fillNullsWith") {
    @Override
    Declared declare(MigrationBuilder before, Given given, Phase ready) {
      Migration.NotNullSet set = table(before, given).setNotNull(given.text("column"));
      String filling = given.textOrNull("fillNullsWith");
      if (filling == null) {
        return set;
      }
      Migration.NullsFilled filled = set.fillNullsWith(filling);
      return ready == Phase.CONTRACT ? filled.stopFilling() : filled;
    }
  },
  CHANGE_TYPE("changeType", false, "column", "type") {
    @Override
    Declared declare(MigrationBuilder before, Given given, Phase ready) {
      return table(before, given).changeType(given.text("column"), given.text("type"));
    }
  },
  ADD_INDEX(
      "addIndex", false, "name", "columns", "expressions", "unique", "where", "using", "include") {
    @Override
    Declared declare(MigrationBuilder before, Given given, Phase ready) {
      return index(table(before, given).addIndex(given.text("name")), given);
    }
  },
  ADD_UNIQUE("addUnique", false, "name", "columns") {
    @Override
    Declared declare(MigrationBuilder before, Given given, Phase ready) {
      List<String> columns = given.names("columns");
      return table(before, given).addUnique(given.text("name"), first(columns), more(columns));
    }
  },
  ADD_CHECK("addCheck", false, "name", "expression") {
    @Override
    Declared declare(MigrationBuilder before, Given given, Phase ready) {
      return table(before, given).addCheck(given.text("name"), given.text("expression"));
    }
  },
  ADD_FOREIGN_KEY(
      "addForeignKey",
      false,
      "name",
      "columns",
      "referencedSchema",
      "referencedTable",
      "referencedColumns",
      "onDelete") {
    @Override
    Declared declare(MigrationBuilder before, Given given, Phase ready) {
      List<String> columns = given.names("columns");
      List<String> referenced = given.names("referencedColumns");
      TableName parent =
          new TableName(given.textOrNull("referencedSchema"), given.text("referencedTable"));
      Migration.ForeignKeyAdded key =
          table(before, given)
              .addForeignKey(given.text("name"), first(columns), more(columns))
              .references(parent, first(referenced), more(referenced));
      OnDelete rule = given.one("onDelete", OnDelete.class);
      return rule == null ? key : key.onDelete(rule);
    }
  },
  DROP_COLUMN("dropColumn", false, "column") {
    @Override
    Declared declare(MigrationBuilder before, Given given, Phase ready) {
      return table(before, given).dropColumn(given.text("column"));
    }
  },
  DROP_TABLE("dropTable", false) {
    @Override
    Declared declare(MigrationBuilder before, Given given, Phase ready) {
      return table(before, given).dropTable();
    }
  };

  private final String verb;

  private final boolean inPhases;

  private final Set<String> attributes;

  ChangelogOperation(String verb, boolean inPhases, String... attributes) {
    this.verb = verb;
    this.inPhases = inPhases;
    this.attributes = new TreeSet<>(List.of(attributes));
    this.attributes.addAll(List.of("schema", "table"));
  }

  /** The operation of a verb; {@code null} if there is none. */
  static @Nullable ChangelogOperation of(String verb) {
    for (ChangelogOperation operation : values()) {
      if (operation.verb.equals(verb)) {
        return operation;
      }
    }
    return null;
  }

  String verb() {
    return verb;
  }

  /** Whether a release has to say how far it is ready. */
  boolean isInPhases() {
    return inPhases;
  }

  Set<String> attributes() {
    return attributes;
  }

  /**
   * Declares it by the builder, so that everything is checked as for a bean.
   *
   * @param before the migration so far
   * @param given its attributes, which are all known
   * @param ready how far this release is ready
   */
  abstract Declared declare(MigrationBuilder before, Given given, Phase ready);

  private static OnTable table(MigrationBuilder before, Given given) {
    String schema = given.textOrNull("schema");
    String table = given.text("table");
    return schema == null ? before.table(table) : before.table(schema, table);
  }

  private static Declared index(NewIndex named, Given given) {
    if (given.has("columns") == given.has("expressions")) {
      throw given.refused("say either \"columns\" or \"expressions\"");
    }
    Migration.IndexAdded index;
    if (given.has("columns")) {
      List<String> columns = given.names("columns");
      index = named.on(first(columns), more(columns));
    } else {
      index = named.onExpressions(given.text("expressions"));
    }
    if (given.flag("unique", false)) {
      index = index.unique();
    }
    if (given.has("where")) {
      index = index.where(given.text("where"));
    }
    if (given.has("using")) {
      index = index.using(given.text("using"));
    }
    if (given.has("include")) {
      List<String> columns = given.names("include");
      index = index.include(first(columns), more(columns));
    }
    return index;
  }

  static String first(List<String> names) {
    return names.get(0);
  }

  static String[] more(List<String> names) {
    return names.subList(1, names.size()).toArray(String[]::new);
  }
}
