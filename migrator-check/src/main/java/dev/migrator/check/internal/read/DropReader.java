package dev.migrator.check.internal.read;

import dev.migrator.check.internal.read.Parsed.Mark;
import java.util.EnumSet;
import java.util.Set;

/** Reads DROP, behind that word. */
final class DropReader {

  private DropReader() {}

  static Parsed read(Cursor it) {
    it.take("FOREIGN");
    String what = it.word();
    it.skip();
    if (what.equals("MATERIALIZED")) {
      it.take("VIEW");
    }
    if (what.equals("TRIGGER") || what.equals("RULE") || what.equals("POLICY")) {
      StatementKind kind =
          what.equals("TRIGGER")
              ? StatementKind.DROP_TRIGGER
              : what.equals("RULE") ? StatementKind.DROP_RULE : StatementKind.DROP_POLICY;
      return StatementReader.onTable(kind, it, "ON");
    }
    boolean beside = it.take("CONCURRENTLY");
    Set<Mark> marks = EnumSet.noneOf(Mark.class);
    if (it.takeIf()) {
      marks.add(Mark.OPTIONAL);
    }
    if (it.hasLeft("CASCADE")) {
      marks.add(Mark.CASCADE);
    }
    StatementKind kind =
        switch (what) {
          case "TABLE" -> StatementKind.DROP_TABLE;
          case "INDEX" -> beside ? StatementKind.DROP_INDEX_CONCURRENTLY : StatementKind.DROP_INDEX;
          case "VIEW" -> StatementKind.DROP_VIEW;
          case "MATERIALIZED" -> StatementKind.DROP_MATERIALIZED_VIEW;
          case "TYPE" -> StatementKind.DROP_TYPE;
          case "DOMAIN" -> StatementKind.DROP_DOMAIN;
          case "SCHEMA" -> StatementKind.DROP_SCHEMA;
          case "FUNCTION", "PROCEDURE", "ROUTINE", "AGGREGATE" -> StatementKind.DROP_FUNCTION;
          case "SEQUENCE" -> StatementKind.DROP_SEQUENCE;
          case "OWNED" -> StatementKind.DROP_OWNED;
          case "DATABASE" -> StatementKind.DROP_DATABASE;
          default -> StatementKind.DROP_OTHER;
        };
    return StatementReader.list(kind, it.names(), marks);
  }
}
