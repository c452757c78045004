package dev.migrator.check.internal.read;

import dev.migrator.check.internal.read.ColumnDefinition.Generation;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what is said of a column, from its name on. */
final class ColumnReader {

  private static final Set<String> ENDS =
      Set.of(
          "DEFAULT",
          "NOT",
          "NULL",
          "PRIMARY",
          "UNIQUE",
          "CHECK",
          "REFERENCES",
          "GENERATED",
          "CONSTRAINT",
          "COLLATE",
          "STORAGE",
          "COMPRESSION",
          "DEFERRABLE",
          "INITIALLY",
          "USING");

  private ColumnReader() {}

  static @Nullable ColumnDefinition read(Cursor cursor) {
    QualifiedName name = cursor.name();
    if (name == null) {
      return null;
    }
    int from = cursor.index();
    while (!cursor.isAtEnd() && !ENDS.contains(cursor.word())) {
      cursor.skip();
    }
    String type = cursor.since(from);
    String defaultValue = null;
    boolean notNull = false;
    Generation generation = Generation.GIVEN;
    boolean primary = false;
    boolean unique = false;
    boolean check = false;
    QualifiedName references = null;
    while (!cursor.isAtEnd()) {
      if (cursor.take("CONSTRAINT")) {
        cursor.name();
      } else if (cursor.take("DEFAULT")) {
        defaultValue = expression(cursor);
      } else if (cursor.take("NOT", "NULL")) {
        notNull = true;
      } else if (cursor.take("GENERATED")) {
        generation = generation(cursor);
      } else if (cursor.take("PRIMARY", "KEY")) {
        primary = true;
      } else if (cursor.take("UNIQUE")) {
        unique = true;
      } else if (cursor.take("CHECK")) {
        cursor.skip();
        cursor.take("NO", "INHERIT");
        check |= !cursor.take("NOT", "ENFORCED");
      } else if (cursor.take("REFERENCES")) {
        references = cursor.name();
      } else if (cursor.take("SET", "DEFAULT")) {
        continue; // what ON DELETE or ON UPDATE does
      } else {
        cursor.skip();
      }
    }
    return new ColumnDefinition(
        name.name(), type, defaultValue, notNull, generation, primary, unique, check, references);
  }

  /** VIRTUAL is the kind where none is said, which only servers take that have it. */
  private static Generation generation(Cursor cursor) {
    if (cursor.take("BY", "DEFAULT") || cursor.at("ALWAYS", "AS", "IDENTITY")) {
      return Generation.IDENTITY;
    }
    cursor.take("ALWAYS");
    cursor.take("AS");
    cursor.skip();
    return cursor.take("STORED") ? Generation.STORED : Generation.VIRTUAL;
  }

  private static @Nullable String expression(Cursor cursor) {
    int from = cursor.index();
    boolean none = cursor.at("NULL");
    do {
      cursor.skip();
    } while (!cursor.isAtEnd() && !ENDS.contains(cursor.word()));
    return none ? null : cursor.since(from);
  }
}
