package dev.migrator.check.internal.effect;

import dev.migrator.check.internal.read.Action;
import dev.migrator.check.internal.read.CheckExpression;
import dev.migrator.check.internal.read.ColumnDefinition;
import dev.migrator.check.internal.read.Parsed;
import dev.migrator.check.internal.read.Parsed.Mark;
import dev.migrator.check.internal.read.QualifiedName;
import dev.migrator.check.internal.read.StatementKind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the statements read so far have made, as far as it is needed to tell what others do. */
final class TextSchema {

  private final Map<String, Table> tables = new HashMap<>();

  private final Map<String, String> indexes = new HashMap<>();

  /** What is known of a table. */
  private static final class Table {

    private final Map<String, String> types = new HashMap<>();

    private final Map<String, QualifiedName> keys = new HashMap<>();

    private final Map<String, String> notValid = new HashMap<>();

    private final Set<String> notNull = new HashSet<>();

    /** The column of which a valid CHECK says that it is not NULL, by the name of the CHECK. */
    private final Map<String, String> valid = new HashMap<>();

    private final Map<String, Set<String>> mentioned = new HashMap<>();

    private boolean made;

    private boolean partitioned;

    private boolean fresh;

    private @Nullable QualifiedName parent;

    /** Another column may get the name. */
    void forget(String column) {
      types.remove(column);
      notNull.remove(column);
      valid.values().removeIf(column::equals);
      notValid.values().removeIf(column::equals);
    }

    void rename(String column, String to) {
      String type = types.remove(column);
      if (type != null) {
        types.put(to, type);
      }
      if (notNull.remove(column)) {
        notNull.add(to);
      }
      UnaryOperator<String> renamed = it -> it.equals(column) ? to : it;
      valid.replaceAll((check, of) -> renamed.apply(of));
      notValid.replaceAll((check, of) -> renamed.apply(of));
      mentioned.replaceAll((check, all) -> all.stream().map(renamed).collect(Collectors.toSet()));
    }
  }

  /** Nobody uses what is made from here on. */
  void begin() {
    tables.values().forEach(it -> it.fresh = false);
  }

  private Table table(QualifiedName name) {
    return tables.computeIfAbsent(name.key(), key -> new Table());
  }

  boolean isFresh(QualifiedName name) {
    Table table = tables.get(name.key());
    return table != null && table.fresh;
  }

  boolean isPartitioned(QualifiedName name) {
    Table table = tables.get(name.key());
    return table != null && table.partitioned;
  }

  /** Whether all of the table was read by this reader, from its first statement on. */
  boolean knows(QualifiedName name) {
    Table table = tables.get(name.key());
    return table != null && table.made;
  }

  @Nullable String type(QualifiedName table, @Nullable String column) {
    return tables.containsKey(table.key()) ? table(table).types.get(column) : null;
  }

  @Nullable QualifiedName keyTo(QualifiedName table, @Nullable String constraint) {
    return tables.containsKey(table.key()) ? table(table).keys.get(constraint) : null;
  }

  @Nullable QualifiedName parent(QualifiedName table) {
    return tables.containsKey(table.key()) ? table(table).parent : null;
  }

  @Nullable QualifiedName tableOf(@Nullable QualifiedName index) {
    String table = (index == null) ? null : indexes.get(index.name());
    if (table == null) {
      return null;
    }
    int point = table.indexOf('.');
    return new QualifiedName(table.substring(0, point), table.substring(point + 1), table);
  }

  /** Whether a valid CHECK says that a column is not NULL, in the one form that is surely one. */
  boolean refusesNull(QualifiedName table, @Nullable String column) {
    return tables.containsKey(table.key())
        && (table(table).notNull.contains(column) || table(table).valid.containsValue(column));
  }

  /** Whether a CHECK mentions a column, which may or may not say that it is not NULL. */
  boolean checks(QualifiedName table, @Nullable String column) {
    return table(table).mentioned.values().stream()
        .anyMatch(it -> it.contains(String.valueOf(column)));
  }

  /** Takes note of what a statement does. */
  void apply(Parsed parsed) {
    QualifiedName name = parsed.table();
    if (name == null) {
      return;
    }
    switch (parsed.kind()) {
      case CREATE_TABLE, CREATE_TABLE_AS, CREATE_PARTITION -> create(name, parsed);
      case CREATE_INDEX, CREATE_INDEX_CONCURRENTLY -> {
        if (parsed.name() != null) {
          indexes.put(parsed.name(), name.key());
        }
      }
      case DROP_TABLE -> {
        tables.remove(name.key());
        parsed.others().forEach(it -> tables.remove(it.key()));
      }
      case ALTER_TABLE -> parsed.actions().forEach(it -> alter(name, it));
      default -> {}
    }
  }

  private void create(QualifiedName name, Parsed parsed) {
    boolean again = tables.containsKey(name.key());
    Table table = table(name);
    table.made = true;
    table.fresh = !again || table.fresh;
    table.partitioned = parsed.has(Mark.PARTITIONED);
    parsed
        .columns()
        .forEach(
            it -> {
              add(table, it);
              if (it.references() != null) {
                table.keys.put(name.name() + "_" + it.name() + "_fkey", it.references());
              }
            });
    parsed.actions().forEach(it -> alter(name, it));
    if (!parsed.others().isEmpty() && parsed.kind() == StatementKind.CREATE_PARTITION) {
      table.parent = parsed.others().get(0);
    }
  }

  private static void add(Table table, ColumnDefinition column) {
    table.types.put(column.name(), column.type());
    if (column.notNull() || column.primaryKey()) {
      table.notNull.add(column.name());
    }
  }

  private void alter(QualifiedName name, Action action) {
    Table table = table(name);
    String what = String.valueOf(action.name());
    switch (action.kind()) {
      case ADD_COLUMN -> {
        if (action.column() != null) {
          add(table, action.column());
        }
      }
      case DROP_COLUMN -> table.forget(what);
      case RENAME_COLUMN -> table.rename(what, action.definition());
      case RENAME_TABLE -> {
        String renamed = new QualifiedName(name.schema(), what, what).key();
        tables.remove(name.key());
        tables.put(renamed, table);
        indexes.replaceAll((index, on) -> on.equals(name.key()) ? renamed : on);
      }
      case SET_TYPE -> table.types.put(what, action.definition());
      case SET_NOT_NULL -> table.notNull.add(what);
      case DROP_NOT_NULL -> table.notNull.remove(what);
      case ADD_FOREIGN_KEY -> {
        if (action.references() != null) {
          table.keys.put(what, action.references());
        }
      }
      case ADD_CHECK -> {
        CheckExpression check = action.constraint().check();
        if (check != null) {
          table.mentioned.put(what, check.names());
        }
        if (check != null && check.notNull() != null) {
          (action.notValid() ? table.notValid : table.valid).put(what, check.notNull());
        }
      }
      case VALIDATE_CONSTRAINT -> {
        String column = table.notValid.remove(what);
        if (column != null) {
          table.valid.put(what, column);
        }
      }
      case DROP_CONSTRAINT -> {
        table.keys.remove(what);
        table.mentioned.remove(what);
        table.valid.remove(what);
        table.notValid.remove(what);
      }
      default -> {}
    }
  }
}
