package dev.migrator.internal.operation.table;

import dev.migrator.error.ErrorCode;
import dev.migrator.internal.operation.Resolution;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.ObjectNames;
import dev.migrator.internal.sql.SqlState;
import dev.migrator.operation.CreateTable;
import dev.migrator.operation.CreateTable.Column;
import dev.migrator.operation.CreateTable.Identity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.dao.DataAccessException;

/**
 * Has the server check the SQL of a new table before anything is changed, and write it in its
 * canonical form: in the library's schema, without its foreign keys, which would lock the tables
 * that they refer to. It is rolled back.
 */
final class TableTrial {

  private static final String TRIAL = Identifiers.quote(ObjectNames.SCHEMA, "clone");

  /** The trial of another instance has the same name. */
  private static final Duration LOCK_LIMIT = Duration.ofSeconds(1);

  private static final Pattern SERIAL =
      Pattern.compile("(small|big)?serial[248]?", Pattern.CASE_INSENSITIVE);

  private final Resolution resolution;

  private final Database database;

  TableTrial(Resolution resolution) {
    this.resolution = resolution;
    this.database = resolution.database();
  }

  /**
   * What the table will be.
   *
   * @throws dev.migrator.error.InvalidMigrationException if the server refuses it
   */
  TableShape shape(CreateTable create) {
    return database
        .andRollBack(
            () -> {
              create.columns().forEach(this::checkType);
              return created(create);
            })
        .commented(create.comment());
  }

  private TableShape created(CreateTable create) {
    try {
      database.lockTimeout(LOCK_LIMIT);
      database.execute(
          "CREATE TABLE %s (%s)".formatted(TRIAL, String.join(", ", elements(create))));
      for (Column column : create.columns()) {
        if (column.comment() != null) {
          database.execute(comment(TRIAL, column.name(), column.comment()));
        }
      }
      long oid =
          database.jdbc().sql("SELECT ?::regclass::oid").param(TRIAL).query(Long.class).single();
      return new TableShapeReader(database).read(oid);
    } catch (DataAccessException ex) {
      if (SqlState.isContention(ex)) {
        throw ex; // not caused by the declaration
      }
      throw resolution.invalid(
          ErrorCode.TABLE_INVALID,
          "the table %s cannot be created as it is declared: %s"
              .formatted(create.table(), SqlState.describe(ex)));
    }
  }

  /** What is a type by itself has no default, no constraint and no sequence in it. */
  private void checkType(Column column) {
    String reason = "it is not known here";
    try {
      boolean known =
          database
              .jdbc()
              .sql("SELECT to_regtype(?) IS NOT NULL")
              .param(column.type())
              .query(Boolean.class)
              .single();
      if (known) {
        return;
      }
    } catch (DataAccessException ex) {
      if (SqlState.isContention(ex)) {
        throw ex;
      }
      reason = SqlState.describe(ex);
    }
    String hint =
        SERIAL.matcher(column.type().strip()).matches()
            ? "for a number from a sequence write column(\"%s\", \"bigint\").identity()"
                .formatted(column.name())
            : "NOT NULL, defaults and constraints are not part of a type, but follow as notNull(), defaultTo(…) and check(…)";
    throw resolution.invalid(
        ErrorCode.TYPE_INVALID,
        "the type \"%s\" of the column \"%s\" is not valid: %s; %s"
            .formatted(column.type(), column.name(), reason, hint));
  }

  private static List<String> elements(CreateTable create) {
    List<String> elements = new ArrayList<>();
    create.columns().forEach(it -> elements.add(definition(it)));
    if (!create.primaryKey().isEmpty()) {
      elements.add("PRIMARY KEY (%s)".formatted(Identifiers.quoteAll(create.primaryKey())));
    }
    create
        .uniques()
        .forEach(
            it ->
                elements.add(
                    "CONSTRAINT %s UNIQUE (%s)"
                        .formatted(
                            Identifiers.quote(it.name()), Identifiers.quoteAll(it.columns()))));
    create
        .checks()
        .forEach(
            it ->
                elements.add(
                    "CONSTRAINT %s CHECK (%s)"
                        .formatted(Identifiers.quote(it.name()), it.expression())));
    return elements;
  }

  private static String definition(Column column) {
    StringBuilder sql = new StringBuilder();
    sql.append(Identifiers.quote(column.name())).append(' ').append(column.type());
    if (column.defaultExpression() != null) {
      sql.append(" DEFAULT (").append(column.defaultExpression()).append(')');
    }
    if (column.notNull()) {
      sql.append(" NOT NULL");
    }
    if (column.identity() != null) {
      boolean always = column.identity() == Identity.ALWAYS;
      sql.append(always ? " GENERATED ALWAYS AS IDENTITY" : " GENERATED BY DEFAULT AS IDENTITY");
    }
    return sql.toString();
  }

  static String comment(String table, String column, String text) {
    return "COMMENT ON COLUMN %s.%s IS %s"
        .formatted(table, Identifiers.quote(column), Identifiers.literal(text));
  }
}
