package dev.migrator.check.internal.read;

import dev.migrator.check.internal.read.Parsed.Mark;
import dev.migrator.plan.LockMode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a statement. What is not known is {@link StatementKind#OTHER}. */
public final class StatementReader {

  private static final Set<String> TRANSACTION =
      Set.of("BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE");

  private StatementReader() {}

  /** Reads one statement without its semicolon. */
  public static Parsed read(String sql) {
    Cursor it = Cursor.of(sql);
    String first = it.word();
    if (TRANSACTION.contains(first)) {
      return Parsed.of(StatementKind.TRANSACTION);
    }
    it.skip();
    return switch (first) {
      case "CREATE" -> created(it);
      case "ALTER" -> altered(it);
      case "DROP" -> DropReader.read(it);
      case "TRUNCATE" -> {
        it.take("TABLE");
        boolean cascade = it.hasLeft("CASCADE");
        yield list(StatementKind.TRUNCATE, it.names(), cascade ? Set.of(Mark.CASCADE) : Set.of());
      }
      case "LOCK" -> {
        it.take("TABLE");
        List<QualifiedName> names = it.names();
        yield list(StatementKind.LOCK_TABLE, names, Set.of()).with(mode(it));
      }
      case "REINDEX" -> reindex(it);
      case "REFRESH" -> refresh(it);
      case "VACUUM" -> vacuum(it);
      case "CLUSTER" -> Parsed.of(StatementKind.CLUSTER, it.name());
      case "INSERT", "UPDATE", "DELETE", "MERGE" -> DmlReader.read(first, it);
      case "WITH" -> DmlReader.with(it);
      case "COPY" -> Parsed.of(StatementKind.COPY, it.name());
      case "SELECT", "VALUES", "TABLE", "EXPLAIN", "SHOW" -> Parsed.of(StatementKind.SELECT);
      case "COMMENT" -> comment(it);
      case "GRANT" -> Parsed.of(StatementKind.GRANT);
      case "REVOKE" -> Parsed.of(StatementKind.REVOKE);
      case "ANALYZE" -> Parsed.of(StatementKind.ANALYZE, it.name());
      case "SET", "RESET" -> Parsed.of(StatementKind.SET);
      case "DO", "CALL" -> Parsed.of(StatementKind.DO);
      default -> Parsed.of(StatementKind.OTHER);
    };
  }

  private static Parsed comment(Cursor it) {
    it.take("ON");
    boolean column = it.take("COLUMN");
    QualifiedName name = (column || it.take("TABLE")) ? it.name() : null;
    if (column && name != null) {
      int point = name.text().lastIndexOf('.');
      name = Cursor.of(name.text().substring(0, Math.max(0, point))).name();
    }
    return Parsed.of(StatementKind.COMMENT, name);
  }

  static Parsed list(StatementKind kind, List<QualifiedName> names, Set<Mark> marks) {
    QualifiedName first = names.isEmpty() ? null : names.get(0);
    List<QualifiedName> others = names.isEmpty() ? names : names.subList(1, names.size());
    return new Parsed(kind, first, others, List.of(), marks, null, List.of(), "");
  }

  private static LockMode mode(Cursor it) {
    it.take("IN");
    for (LockMode mode : LockMode.values()) {
      if (it.copy().take((mode.sql() + " MODE").split(" "))) {
        return mode;
      }
    }
    return LockMode.ACCESS_EXCLUSIVE;
  }

  private static Parsed created(Cursor it) {
    Set<Mark> marks = EnumSet.noneOf(Mark.class);
    if (it.take("OR", "REPLACE")) {
      marks.add(Mark.REPLACE);
    }
    boolean temporary = it.takeAny(Set.of("TEMP", "TEMPORARY", "LOCAL", "GLOBAL"));
    temporary |= it.takeAny(Set.of("TEMP", "TEMPORARY"));
    it.takeAny(Set.of("UNLOGGED", "RECURSIVE", "CONSTRAINT", "FOREIGN"));
    if (it.take("TABLE")) {
      return temporary ? Parsed.of(StatementKind.CREATE_OTHER) : CreateTableReader.read(it);
    }
    if (it.at("UNIQUE") || it.at("INDEX")) {
      return index(it, marks);
    }
    String what = it.word();
    it.skip();
    return switch (what) {
      case "VIEW" -> named(StatementKind.CREATE_VIEW, it, marks);
      case "MATERIALIZED" -> {
        it.take("VIEW");
        yield named(StatementKind.CREATE_MATERIALIZED_VIEW, it, marks);
      }
      case "TRIGGER" -> onTable(StatementKind.CREATE_TRIGGER, it, "ON");
      case "RULE" -> onTable(StatementKind.CREATE_RULE, it, "TO");
      case "POLICY" -> onTable(StatementKind.CREATE_POLICY, it, "ON");
      case "STATISTICS" -> onTable(StatementKind.CREATE_STATISTICS, it, "FROM");
      case "TYPE" -> Parsed.of(StatementKind.CREATE_TYPE, it.name());
      case "DOMAIN" -> Parsed.of(StatementKind.CREATE_DOMAIN, it.name());
      case "SCHEMA" -> Parsed.of(StatementKind.CREATE_SCHEMA);
      case "FUNCTION", "PROCEDURE" ->
          new Parsed(
              StatementKind.CREATE_FUNCTION,
              null,
              List.of(),
              List.of(),
              marks,
              null,
              List.of(),
              "");
      case "SEQUENCE" -> Parsed.of(StatementKind.CREATE_SEQUENCE);
      case "EXTENSION" -> Parsed.of(StatementKind.CREATE_EXTENSION);
      default -> Parsed.of(StatementKind.CREATE_OTHER);
    };
  }

  private static Parsed named(StatementKind kind, Cursor it, Set<Mark> marks) {
    if (it.takeIf()) {
      marks.add(Mark.OPTIONAL);
    }
    QualifiedName name = it.name();
    return new Parsed(kind, name, List.of(), List.of(), marks, null, List.of(), it.rest());
  }

  /** The name, and the table behind a word that stands somewhere behind it. */
  static Parsed onTable(StatementKind kind, Cursor it, String word) {
    boolean optional = it.takeIf();
    QualifiedName name = it.at(word) ? null : it.name();
    while (!it.isAtEnd() && !it.take(word)) {
      it.skip();
    }
    QualifiedName table = it.name();
    return new Parsed(
        kind,
        table,
        List.of(),
        List.of(),
        optional ? Set.of(Mark.OPTIONAL) : Set.of(),
        (name == null) ? null : name.name(),
        List.of(),
        it.rest());
  }

  private static Parsed index(Cursor it, Set<Mark> marks) {
    if (it.take("UNIQUE")) {
      marks.add(Mark.UNIQUE);
    }
    it.take("INDEX");
    boolean beside = it.take("CONCURRENTLY");
    if (it.takeIf()) {
      marks.add(Mark.OPTIONAL);
    }
    QualifiedName name = it.at("ON") ? null : it.name();
    it.take("ON");
    if (it.take("ONLY")) {
      marks.add(Mark.ONLY);
    }
    QualifiedName table = it.name();
    return new Parsed(
            beside ? StatementKind.CREATE_INDEX_CONCURRENTLY : StatementKind.CREATE_INDEX,
            table,
            List.of(),
            List.of(),
            marks,
            (name == null) ? null : name.name(),
            List.of(),
            it.rest())
        .with(IndexDefinition.read(it));
  }

  private static Parsed altered(Cursor it) {
    it.take("FOREIGN");
    String what = it.word();
    it.skip();
    if (what.equals("MATERIALIZED")) {
      it.take("VIEW");
    }
    boolean optional = it.takeIf();
    Set<Mark> marks = EnumSet.noneOf(Mark.class);
    if (optional) {
      marks.add(Mark.OPTIONAL);
    }
    return switch (what) {
      case "TABLE" -> {
        if (it.at("ALL", "IN")) {
          yield Parsed.of(StatementKind.OTHER);
        }
        boolean only = it.take("ONLY");
        QualifiedName table = it.name();
        if (it.symbol('*')) {
          it.skip();
        }
        if (only) {
          marks.add(Mark.ONLY);
        }
        yield new Parsed(
            StatementKind.ALTER_TABLE,
            table,
            List.of(),
            AlterTableReader.read(it),
            marks,
            null,
            List.of(),
            it.rest());
      }
      case "INDEX" -> named(StatementKind.ALTER_INDEX, it, marks);
      case "VIEW" -> named(StatementKind.ALTER_VIEW, it, marks);
      case "MATERIALIZED" -> named(StatementKind.ALTER_MATERIALIZED_VIEW, it, marks);
      case "TRIGGER" -> onTable(StatementKind.ALTER_TRIGGER, it, "ON");
      case "POLICY" -> onTable(StatementKind.ALTER_POLICY, it, "ON");
      case "TYPE" -> type(it);
      case "DOMAIN" -> {
        QualifiedName name = it.name();
        if (it.hasOutside("NOT", "VALID")) {
          marks.add(Mark.NOT_VALID);
        }
        if (it.at("ADD")) {
          marks.add(Mark.ADDS_CHECK);
        } else if (it.at("SET", "NOT", "NULL")) {
          marks.add(Mark.REFUSES_NULL);
        }
        yield new Parsed(
            StatementKind.ALTER_DOMAIN,
            name,
            List.of(),
            List.of(),
            marks,
            null,
            List.of(),
            it.rest());
      }
      case "SCHEMA" -> Parsed.of(StatementKind.ALTER_SCHEMA);
      case "FUNCTION", "PROCEDURE", "ROUTINE", "AGGREGATE" ->
          Parsed.of(StatementKind.ALTER_FUNCTION);
      case "SEQUENCE" -> Parsed.of(StatementKind.ALTER_SEQUENCE);
      default -> Parsed.of(StatementKind.OTHER);
    };
  }

  private static Parsed type(Cursor it) {
    QualifiedName name = it.name();
    List<Mark> marks = new ArrayList<>();
    if (it.at("ADD", "VALUE")) {
      marks.add(Mark.ADDS_VALUE);
    } else if (it.at("RENAME", "VALUE")) {
      marks.add(Mark.RENAMES_VALUE);
    } else if (it.at("RENAME")) {
      marks.add(Mark.RENAMES);
    }
    return new Parsed(
        StatementKind.ALTER_TYPE,
        name,
        List.of(),
        List.of(),
        Set.copyOf(marks),
        null,
        List.of(),
        it.rest());
  }

  private static Parsed reindex(Cursor it) {
    boolean beside = it.hasLeft("CONCURRENTLY");
    if (it.symbol('(')) {
      it.skip();
    }
    String what = it.word();
    it.skip();
    it.take("CONCURRENTLY");
    QualifiedName name = it.name();
    StatementKind kind = beside ? StatementKind.REINDEX_CONCURRENTLY : StatementKind.REINDEX;
    return new Parsed(kind, name, List.of(), List.of(), Set.of(), what, List.of(), "");
  }

  private static Parsed refresh(Cursor it) {
    it.take("MATERIALIZED", "VIEW");
    boolean beside = it.take("CONCURRENTLY");
    @Nullable QualifiedName name = it.name();
    return beside
        ? Parsed.of(StatementKind.REFRESH_CONCURRENTLY, name)
        : Parsed.of(StatementKind.REFRESH, name);
  }

  private static Parsed vacuum(Cursor it) {
    boolean full = it.hasLeft("FULL");
    if (it.symbol('(')) {
      it.skip();
    }
    it.takeAny(Set.of("FULL", "FREEZE", "VERBOSE", "ANALYZE"));
    it.takeAny(Set.of("FREEZE", "VERBOSE", "ANALYZE"));
    return Parsed.of(full ? StatementKind.VACUUM_FULL : StatementKind.VACUUM, it.name());
  }
}
