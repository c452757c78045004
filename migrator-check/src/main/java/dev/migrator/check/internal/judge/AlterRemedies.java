package dev.migrator.check.internal.judge;

import dev.migrator.check.internal.read.Action;
import dev.migrator.check.internal.read.ColumnDefinition;
import dev.migrator.check.internal.read.ColumnDefinition.Generation;
import dev.migrator.check.internal.read.KeyDefinition;
import dev.migrator.check.internal.read.Parsed;
import dev.migrator.check.internal.read.QualifiedName;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The safe statements in the place of one action of ALTER TABLE. */
final class AlterRemedies {

  private static final String OWN_FILE =
      "the second one in a file of its own, with \"-- migrator: long\"";

  private static final int NOT_NULL_BY_NAME = 18;

  private final String table;

  private final String plain;

  private final @Nullable QualifiedName name;

  private final Action action;

  private final boolean partitioned;

  private final int version;

  private final List<String> safe = new ArrayList<>();

  private AlterRemedies(Parsed parsed, Action action, boolean partitioned, int version) {
    this.table = Remedies.text(parsed.table());
    this.plain = Remedies.name(parsed.table());
    this.name = parsed.table();
    this.action = action;
    this.partitioned = partitioned;
    this.version = version;
  }

  static List<String> of(Parsed parsed, Action action, boolean partitioned, int version) {
    AlterRemedies remedies = new AlterRemedies(parsed, action, partitioned, version);
    remedies.collect();
    return remedies.safe;
  }

  private void collect() {
    switch (action.kind()) {
      case ADD_COLUMN -> {
        if (action.column() != null) {
          column(action.column());
        }
      }
      case SET_TYPE -> type();
      case SET_NOT_NULL, ADD_NOT_NULL -> {
        String column = action.columns().isEmpty() ? action.name() : action.columns().get(0);
        notNull(String.valueOf(column));
        dsl(".setNotNull(\"%s\")".formatted(column));
      }
      case ADD_CHECK -> {
        String name = constraint("check");
        sql("ADD CONSTRAINT %s %s NOT VALID".formatted(name, action.definition()));
        sql("VALIDATE CONSTRAINT %s".formatted(name));
        safe.add(OWN_FILE);
        safe.add(BuilderLine.check(this.name, name, action));
      }
      case ADD_FOREIGN_KEY -> foreignKey();
      case ADD_UNIQUE -> {
        if (action.usingIndex() == null) {
          unique("UNIQUE");
        }
      }
      case ADD_PRIMARY_KEY -> {
        if (action.usingIndex() != null) {
          safe.add("make the columns of the index NOT NULL before, by setNotNull(…)");
          return;
        }
        action.columns().forEach(this::notNull);
        unique("PRIMARY KEY");
      }
      case ADD_EXCLUDE -> exclusion();
      case DETACH_PARTITION -> {
        safe.add(
            "ALTER TABLE %s DETACH PARTITION %s CONCURRENTLY;"
                .formatted(table, Remedies.text(action.references())));
        safe.add("the server refuses that while there is a default partition");
      }
      case ATTACH_PARTITION -> {
        safe.add(
            "ALTER TABLE %s ADD CONSTRAINT … CHECK (…) NOT VALID;"
                .formatted(Remedies.text(action.references())));
        safe.add(
            "ALTER TABLE %s VALIDATE CONSTRAINT …;".formatted(Remedies.text(action.references())));
        safe.add(
            "before it: a CHECK that says the bounds of the partition; and one on the default partition, if there is one, that says the rows are not within them");
      }
      case ALTER_CONSTRAINT ->
          safe.add("drop the constraint, add it NOT VALID, and VALIDATE it in a file of its own");
      case DROP_CONSTRAINT -> {
        safe.add("drop it in a file of its own, since both tables of a foreign key are locked");
        dsl(".dropConstraint(\"%s\")".formatted(action.name()));
      }
      case RENAME_COLUMN ->
          dsl(".renameColumn(\"%s\", \"%s\")".formatted(action.name(), action.definition()));
      case DROP_COLUMN -> dsl(".dropColumn(\"%s\")".formatted(action.name()));
      case TRIGGERS ->
          safe.add("let the function of the trigger decide, which can be replaced without a lock");
      case SET_EXPRESSION, SET_PERSISTENCE, SET_TABLESPACE, SET_ACCESS_METHOD ->
          safe.add("make a new column or table beside the old one, and copy the rows in ranges");
      default -> {}
    }
  }

  private void sql(String what) {
    safe.add("ALTER TABLE %s %s;".formatted(table, what));
  }

  private void dsl(String what) {
    safe.add(BuilderLine.of(name, what));
  }

  private String constraint(String suffix) {
    if (action.name() != null) {
      return QualifiedName.plain(action.name());
    }
    String columns = String.join("_", action.columns());
    return QualifiedName.plain(plain + (columns.isEmpty() ? "" : "_" + columns) + "_" + suffix);
  }

  private String columns() {
    return action.columns().stream().map(QualifiedName::plain).collect(Collectors.joining(", "));
  }

  /** From 18 on two statements, before four. */
  private void notNull(String column) {
    String quoted = QualifiedName.plain(column);
    String name = QualifiedName.plain(plain + "_" + column + "_not_null");
    if (version >= NOT_NULL_BY_NAME) {
      sql("ADD CONSTRAINT %s NOT NULL %s NOT VALID".formatted(name, quoted));
      sql("VALIDATE CONSTRAINT %s".formatted(name));
      safe.add("if the column has a NOT NULL constraint that is NOT VALID, VALIDATE that one");
    } else {
      sql("ADD CONSTRAINT %s CHECK (%s IS NOT NULL) NOT VALID".formatted(name, quoted));
      sql("VALIDATE CONSTRAINT %s".formatted(name));
      sql("ALTER COLUMN %s SET NOT NULL".formatted(quoted));
      sql("DROP CONSTRAINT %s".formatted(name));
    }
    safe.add("each in a file of its own, the VALIDATE with \"-- migrator: long\"");
  }

  /** Up to 17 the server refuses NOT VALID on a partitioned table. */
  private void foreignKey() {
    String name = constraint("fkey");
    if (partitioned && version < NOT_NULL_BY_NAME) {
      safe.add(
          "ALTER TABLE … ADD CONSTRAINT %s %s NOT VALID;".formatted(name, action.definition()));
      safe.add("ALTER TABLE … VALIDATE CONSTRAINT %s;".formatted(name));
      sql("ADD CONSTRAINT %s %s".formatted(name, action.definition()));
      safe.add(
          "the first two for each partition; the last one then takes their foreign keys and reads nothing, but locks the other table by ACCESS EXCLUSIVE for a moment");
    } else {
      sql("ADD CONSTRAINT %s %s NOT VALID".formatted(name, action.definition()));
      sql("VALIDATE CONSTRAINT %s".formatted(name));
      safe.add(OWN_FILE);
    }
    if (!action.constraint().key().temporal()) {
      safe.add(BuilderLine.foreignKey(this.name, name, action));
    }
  }

  private void exclusion() {
    safe.add(
        "there is no way beside the application: an exclusion constraint has neither NOT VALID nor CONCURRENTLY; make a new table with it, and copy the rows");
  }

  private void unique(String kind) {
    KeyDefinition key = action.constraint().key();
    if (key.temporal()) {
      exclusion();
      return;
    }
    String name = constraint(kind.equals("UNIQUE") ? "key" : "pkey");
    String on = "%s (%s) %s".formatted(table, columns(), key.options()).strip();
    safe.add("CREATE UNIQUE INDEX CONCURRENTLY %s ON %s;".formatted(name, on));
    sql("ADD CONSTRAINT %s %s USING INDEX %s %s".formatted(name, kind, name, key.timing()).strip());
    if (kind.equals("UNIQUE") && key.isPlain()) {
      safe.add(BuilderLine.unique(this.name, name, action));
    }
  }

  private void type() {
    String column = String.valueOf(action.name());
    String to = action.definition();
    dsl(
        ".addColumn(\"%s_new\", \"%s\").dualWrite(\"%s\", \"%s_new\").backfill().switchRead().dropColumn(\"%s\")"
            .formatted(column, to, column, column, column));
    safe.add("or .changeType(\"%s\", \"%s\") if it is a wider type".formatted(column, to));
  }

  private void column(ColumnDefinition it) {
    String name = QualifiedName.plain(it.name());
    if (it.generation() == Generation.STORED) {
      sql("ADD COLUMN %s %s".formatted(name, it.type()));
      safe.add(
          version >= NOT_NULL_BY_NAME
              ? "and a trigger that fills it, and a backfill; or GENERATED … VIRTUAL, which writes nothing"
              : "and a trigger that fills it, and a backfill");
    } else if (it.serial() || it.generation() == Generation.IDENTITY) {
      sql("ADD COLUMN %s bigint".formatted(name));
      safe.add(
          "CREATE SEQUENCE %s;".formatted(QualifiedName.plain(plain + "_" + it.name() + "_seq")));
      sql("ALTER COLUMN %s SET DEFAULT nextval('%s_%s_seq')".formatted(name, plain, it.name()));
      safe.add("then fill the rows in ranges, and make it NOT NULL");
    } else if (it.defaultValue() != null) {
      sql("ADD COLUMN %s %s".formatted(name, it.type()));
      sql("ALTER COLUMN %s SET DEFAULT %s".formatted(name, it.defaultValue()));
      safe.add("then fill the rows in ranges" + (it.notNull() ? ", and make it NOT NULL" : ""));
      dsl(
          ".addColumn(\"%s\", \"%s\", it -> it.defaultValue(\"%s\")%s)"
              .formatted(
                  it.name(), it.type(), it.defaultValue(), it.notNull() ? ".notNull()" : ""));
    } else if (!it.check() && !it.notNull() && !it.unique() && it.references() == null) {
      safe.add(
          "give it the base type of the domain, and later a CHECK that is NOT VALID first and then validated");
    } else {
      sql("ADD COLUMN %s %s".formatted(name, it.type()));
      safe.add(
          it.notNull()
              ? "with a default that stays until no release writes rows without it, or NOT NULL later by setNotNull(…)"
              : "and its constraint later: a CHECK or foreign key NOT VALID and validated, a unique one by an index built CONCURRENTLY");
    }
  }
}
