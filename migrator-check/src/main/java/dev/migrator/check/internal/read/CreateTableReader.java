package dev.migrator.check.internal.read;

import dev.migrator.check.internal.read.Parsed.Mark;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads CREATE TABLE, behind these words. */
final class CreateTableReader {

  private static final Set<String> CONSTRAINTS =
      Set.of("CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN", "EXCLUDE", "LIKE");

  private CreateTableReader() {}

  static Parsed read(Cursor it) {
    Set<Mark> marks = EnumSet.noneOf(Mark.class);
    if (it.takeIf()) {
      marks.add(Mark.OPTIONAL);
    }
    QualifiedName table = it.name();
    List<QualifiedName> others = new ArrayList<>();
    List<ColumnDefinition> columns = new ArrayList<>();
    List<Action> constraints = new ArrayList<>();
    if (it.take("PARTITION", "OF")) {
      QualifiedName parent = it.name();
      return made(StatementKind.CREATE_PARTITION, table, marks, one(parent), constraints, columns);
    }
    if (it.at("AS") || it.at("WITH")) {
      return made(StatementKind.CREATE_TABLE_AS, table, marks, others, constraints, columns);
    }
    if (it.symbol('(')) {
      for (Cursor part : it.parts(true)) {
        if (CONSTRAINTS.contains(part.word())) {
          if (!part.at("LIKE")) {
            Action constraint = AlterTableReader.added(part);
            constraints.add(constraint);
            others.addAll(one(constraint.references()));
          }
          continue;
        }
        ColumnDefinition column = ColumnReader.read(part);
        if (column != null) {
          columns.add(column);
          others.addAll(one(column.references()));
        }
      }
    }
    boolean as = it.at("AS");
    if (it.at("PARTITION", "BY")) {
      marks.add(Mark.PARTITIONED);
    }
    return made(
        as ? StatementKind.CREATE_TABLE_AS : StatementKind.CREATE_TABLE,
        table,
        marks,
        others,
        constraints,
        columns);
  }

  private static List<QualifiedName> one(@Nullable QualifiedName name) {
    return (name == null) ? List.of() : List.of(name);
  }

  private static Parsed made(
      StatementKind kind,
      @Nullable QualifiedName table,
      Set<Mark> marks,
      List<QualifiedName> others,
      List<Action> constraints,
      List<ColumnDefinition> columns) {
    return new Parsed(kind, table, others, constraints, marks, null, columns, "");
  }
}
