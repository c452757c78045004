package dev.migrator.check.internal.read;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what ALTER TABLE does, behind the name of the table. */
final class AlterTableReader {

  private AlterTableReader() {}

  static List<Action> read(Cursor cursor) {
    List<Action> actions = new ArrayList<>();
    for (Cursor part : cursor.parts(false)) {
      actions.add(action(part));
    }
    return actions;
  }

  private static Action action(Cursor it) {
    if (it.take("ADD")) {
      return added(it);
    }
    if (it.take("DROP")) {
      boolean constraint = it.take("CONSTRAINT");
      boolean column = !constraint && (it.take("COLUMN") || true);
      boolean optional = it.takeIf();
      String name = literal(it);
      boolean cascade = it.take("CASCADE");
      ActionKind kind = column ? ActionKind.DROP_COLUMN : ActionKind.DROP_CONSTRAINT;
      return Action.of(kind, name, "").flagged(optional, cascade);
    }
    if (it.take("ALTER", "CONSTRAINT")) {
      return Action.of(ActionKind.ALTER_CONSTRAINT, literal(it), it.rest());
    }
    if (it.take("ALTER")) {
      it.take("COLUMN");
      return ofColumn(it, literal(it));
    }
    if (it.take("VALIDATE", "CONSTRAINT")) {
      return Action.of(ActionKind.VALIDATE_CONSTRAINT, literal(it), "");
    }
    if (it.take("RENAME")) {
      return renamed(it);
    }
    return ofTable(it);
  }

  private static Action renamed(Cursor it) {
    if (it.take("TO")) {
      return Action.of(ActionKind.RENAME_TABLE, literal(it), "");
    }
    if (it.take("CONSTRAINT")) {
      return Action.of(ActionKind.RENAME_CONSTRAINT, literal(it), "");
    }
    it.take("COLUMN");
    String from = literal(it);
    it.take("TO");
    String to = literal(it);
    return Action.of(ActionKind.RENAME_COLUMN, from, (to == null) ? "…" : to);
  }

  static Action added(Cursor it) {
    String constraint = it.take("CONSTRAINT") ? literal(it) : null;
    if (constraint != null || it.at("CHECK") || it.at("FOREIGN", "KEY") || it.at("UNIQUE")) {
      return constraint(it, constraint);
    }
    if (it.at("PRIMARY", "KEY") || it.at("EXCLUDE") || it.at("NOT", "NULL")) {
      return constraint(it, null);
    }
    it.take("COLUMN");
    boolean optional = it.takeIf();
    int from = it.index();
    ColumnDefinition column = ColumnReader.read(it);
    if (column == null) {
      return Action.of(ActionKind.OTHER, null, it.since(from)).flagged(optional, false);
    }
    return Action.of(ActionKind.ADD_COLUMN, column.name(), it.since(from))
        .with(column)
        .flagged(optional, false);
  }

  private static Action constraint(Cursor it, @Nullable String name) {
    String definition = it.restWithout("NOT", "VALID");
    boolean notValid = it.hasOutside("NOT", "VALID") || it.hasOutside("NOT", "ENFORCED");
    if (it.take("CHECK")) {
      CheckExpression check = it.symbol('(') ? CheckExpression.read(it) : null;
      return Action.of(ActionKind.ADD_CHECK, name, definition)
          .with(new ConstraintDefinition(KeyDefinition.NONE, check, List.of(), notValid, null));
    }
    if (it.take("NOT", "NULL")) {
      KeyDefinition column = KeyDefinition.of(literal(it));
      return Action.of(ActionKind.ADD_NOT_NULL, name, definition)
          .with(new ConstraintDefinition(column, null, List.of(), notValid, null));
    }
    if (it.take("FOREIGN", "KEY")) {
      KeyDefinition key = KeyDefinition.columns(it);
      it.take("REFERENCES");
      QualifiedName table = it.name();
      List<String> referenced = KeyDefinition.columns(it).columns();
      return Action.of(ActionKind.ADD_FOREIGN_KEY, name, definition)
          .with(table)
          .with(
              new ConstraintDefinition(
                  key.with(it.restWithout("NOT", "VALID"), ""), null, referenced, notValid, null));
    }
    ActionKind kind =
        it.take("UNIQUE")
            ? ActionKind.ADD_UNIQUE
            : it.take("PRIMARY", "KEY")
                ? ActionKind.ADD_PRIMARY_KEY
                : it.take("EXCLUDE") ? ActionKind.ADD_EXCLUDE : ActionKind.OTHER;
    if (kind == ActionKind.ADD_EXCLUDE || kind == ActionKind.OTHER) {
      return Action.of(kind, name, definition);
    }
    String index = it.take("USING", "INDEX") ? literal(it) : null;
    return Action.of(kind, name, definition)
        .with(new ConstraintDefinition(KeyDefinition.unique(it), null, List.of(), notValid, index));
  }

  private static Action ofColumn(Cursor it, @Nullable String column) {
    if (it.take("SET", "DATA", "TYPE") || it.take("TYPE")) {
      int from = it.index();
      while (!it.isAtEnd() && !it.at("USING")) {
        it.skip();
      }
      return Action.of(ActionKind.SET_TYPE, column, it.since(from)).converting(it.at("USING"));
    }
    ActionKind kind = ActionKind.OTHER;
    if (it.take("SET", "NOT", "NULL")) {
      kind = ActionKind.SET_NOT_NULL;
    } else if (it.take("DROP", "NOT", "NULL")) {
      kind = ActionKind.DROP_NOT_NULL;
    } else if (it.take("SET", "DEFAULT")) {
      kind = ActionKind.SET_DEFAULT;
    } else if (it.take("DROP", "DEFAULT")) {
      kind = ActionKind.DROP_DEFAULT;
    } else if (it.take("SET", "EXPRESSION")) {
      kind = ActionKind.SET_EXPRESSION;
    } else if (it.take("DROP", "EXPRESSION")) {
      kind = ActionKind.DROP_EXPRESSION;
    } else if (it.take("ADD", "GENERATED")) {
      kind = ActionKind.ADD_IDENTITY;
    } else if (it.take("DROP", "IDENTITY")) {
      kind = ActionKind.DROP_IDENTITY;
    } else if (it.take("SET", "GENERATED") || it.take("RESTART")) {
      kind = ActionKind.SET_IDENTITY;
    } else if (it.take("SET", "STATISTICS")) {
      kind = ActionKind.SET_STATISTICS;
    } else if (it.take("SET", "STORAGE") || it.take("SET", "COMPRESSION")) {
      kind = ActionKind.SET_STORAGE;
    } else if (it.at("SET") || it.at("RESET")) {
      it.skip();
      kind = it.symbol('(') ? ActionKind.SET_OPTIONS : ActionKind.SET_IDENTITY;
    }
    return Action.of(kind, column, it.rest());
  }

  private static Action ofTable(Cursor it) {
    if (it.take("ATTACH", "PARTITION")) {
      return Action.of(ActionKind.ATTACH_PARTITION, null, "").with(it.name());
    }
    if (it.take("DETACH", "PARTITION")) {
      QualifiedName partition = it.name();
      boolean beside = it.take("CONCURRENTLY") || it.take("FINALIZE");
      ActionKind kind = beside ? ActionKind.DETACH_CONCURRENTLY : ActionKind.DETACH_PARTITION;
      return Action.of(kind, null, "").with(partition);
    }
    if (it.take("OWNER", "TO")) {
      return Action.of(ActionKind.OWNER, null, it.rest());
    }
    if (it.take("SET", "SCHEMA")) {
      return Action.of(ActionKind.SET_SCHEMA, literal(it), "");
    }
    if (it.take("SET", "TABLESPACE")) {
      return Action.of(ActionKind.SET_TABLESPACE, literal(it), "");
    }
    if (it.take("SET", "LOGGED") || it.take("SET", "UNLOGGED")) {
      return Action.of(ActionKind.SET_PERSISTENCE, null, "");
    }
    if (it.take("SET", "ACCESS", "METHOD")) {
      return Action.of(ActionKind.SET_ACCESS_METHOD, literal(it), "");
    }
    if (it.take("SET", "WITHOUT") || it.take("CLUSTER", "ON")) {
      return Action.of(ActionKind.CLUSTER_ON, null, "");
    }
    if (it.at("SET") || it.at("RESET")) {
      it.skip();
      return Action.of(ActionKind.SET_PARAMETERS, null, it.rest());
    }
    if (it.take("INHERIT")) {
      return Action.of(ActionKind.INHERIT, null, "").with(it.name());
    }
    if (it.take("NO", "INHERIT")) {
      return Action.of(ActionKind.NO_INHERIT, null, "").with(it.name());
    }
    if (it.take("REPLICA", "IDENTITY")) {
      return Action.of(ActionKind.REPLICA_IDENTITY, null, it.rest());
    }
    if (it.hasLeft("ROW", "LEVEL", "SECURITY")) {
      return Action.of(ActionKind.ROW_SECURITY, null, it.rest());
    }
    if (it.takeAny(Set.of("ENABLE", "DISABLE"))) {
      boolean rule = it.hasLeft("RULE");
      return Action.of(rule ? ActionKind.RULES : ActionKind.TRIGGERS, null, it.rest());
    }
    return Action.of(ActionKind.OTHER, null, it.rest());
  }

  static @Nullable String literal(Cursor it) {
    QualifiedName name = it.name();
    return (name == null) ? null : name.name();
  }
}
