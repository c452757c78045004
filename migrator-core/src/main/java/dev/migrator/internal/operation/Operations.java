package dev.migrator.internal.operation;

import dev.migrator.Migration;
import dev.migrator.error.ErrorCode;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.internal.catalog.RefusedByServerException;
import dev.migrator.internal.operation.addcolumn.AddColumnType;
import dev.migrator.internal.operation.changetype.ChangeTypeType;
import dev.migrator.internal.operation.check.AddCheckType;
import dev.migrator.internal.operation.column.ColumnChangeType;
import dev.migrator.internal.operation.comment.CommentType;
import dev.migrator.internal.operation.constraint.DropConstraintType;
import dev.migrator.internal.operation.constraint.RenameConstraintType;
import dev.migrator.internal.operation.defaultvalue.DropDefaultType;
import dev.migrator.internal.operation.defaultvalue.SetDefaultType;
import dev.migrator.internal.operation.dropcolumn.DropColumnType;
import dev.migrator.internal.operation.foreignkey.AddForeignKeyType;
import dev.migrator.internal.operation.index.AddIndexType;
import dev.migrator.internal.operation.index.DropIndexType;
import dev.migrator.internal.operation.index.RenameIndexType;
import dev.migrator.internal.operation.notnull.DropNotNullType;
import dev.migrator.internal.operation.notnull.SetNotNullType;
import dev.migrator.internal.operation.rawsql.RawSqlType;
import dev.migrator.internal.operation.sqlfile.SqlFileType;
import dev.migrator.internal.operation.table.CreateTableType;
import dev.migrator.internal.operation.table.DropTableType;
import dev.migrator.internal.operation.unique.AddUniqueType;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.ObjectNames;
import dev.migrator.operation.Operation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All operations there are. */
public final class Operations {

  /** Those that most releases declare. */
  private static final List<OperationType<?>> USUAL =
      List.of(new ColumnChangeType(), new SqlFileType());

  private Operations() {}

  /** All others, which are loaded when one of them is asked for. */
  private static final class Others {

    private static final List<OperationType<?>> ALL =
        List.of(
            new AddCheckType(),
            new AddColumnType(),
            new AddForeignKeyType(),
            new AddIndexType(),
            new AddUniqueType(),
            new ChangeTypeType(),
            new CommentType(),
            new CreateTableType(),
            new DropConstraintType(),
            new DropDefaultType(),
            new DropColumnType(),
            new DropIndexType(),
            new DropNotNullType(),
            new DropTableType(),
            new RawSqlType(),
            new RenameConstraintType(),
            new RenameIndexType(),
            new SetDefaultType(),
            new SetNotNullType());
  }

  /** The operations that have a type. */
  public static Set<Class<?>> kinds() {
    Set<Class<?>> kinds = new HashSet<>();
    USUAL.forEach(it -> kinds.add(it.operation()));
    Others.ALL.forEach(it -> kinds.add(it.operation()));
    return kinds;
  }

  /** What can be said of a migration without a database, operation by operation. */
  public static List<OperationFacts> facts(Migration migration) {
    List<OperationFacts> facts = new ArrayList<>();
    for (Operation operation : migration.operations()) {
      facts.add(factsOf(operation));
    }
    return facts;
  }

  private static <O extends Operation> OperationFacts factsOf(O operation) {
    return type(operation).facts(operation);
  }

  /**
   * Compares a migration with the database, in one transaction that changes nothing.
   *
   * @param where how messages begin, so that the reader knows where to look
   * @param first whether nothing of the migration has begun
   * @throws InvalidMigrationException if it cannot be done as declared
   */
  public static ResolvedMigration resolve(
      Database database, String where, Migration migration, boolean first) {
    return resolve(database, where, migration, first, Qualified.nothingKnown());
  }

  /**
   * The same.
   *
   * @param qualified what its expressions mean, if it has begun
   */
  public static ResolvedMigration resolve(
      Database database, String where, Migration migration, boolean first, Qualified qualified) {
    if (migration.operations().stream().noneMatch(it -> type(it).needsDatabase())) {
      return new ResolvedMigration(
          migration.operations().stream()
              .map(
                  it ->
                      resolve(
                          it,
                          new Resolution(
                              database,
                              where,
                              ObjectNames.of(migration.id(), 0),
                              first,
                              migration.acknowledgedFunctions(),
                              qualified)))
              .toList());
    }
    return database.andRollBack(
        () -> {
          List<ResolvedOperation> resolved = new ArrayList<>();
          for (Operation operation : migration.operations()) {
            ObjectNames names = ObjectNames.of(migration.id(), resolved.size());
            Resolution resolution =
                new Resolution(
                    database, where, names, first, migration.acknowledgedFunctions(), qualified);
            // Each for itself: reading definitions pins the search path that names are found by.
            resolved.add(
                (migration.operations().size() == 1)
                    ? resolve(operation, resolution)
                    : database.andRollBack(() -> resolve(operation, resolution)));
          }
          ResolvedMigration all = new ResolvedMigration(resolved);
          if (first) {
            requireOneCopiedTable(where, all);
          }
          return all;
        });
  }

  /** The journal keeps the progress of one table for each migration. */
  private static void requireOneCopiedTable(String where, ResolvedMigration migration) {
    Set<String> tables = migration.copiedTables();
    if (tables.size() > 1) {
      throw new InvalidMigrationException(
          ErrorCode.SEVERAL_TABLES_COPIED,
          "%s: its operations copy rows in several tables (%s); make a migration of each"
              .formatted(where, String.join(", ", tables)));
    }
  }

  private static <O extends Operation> ResolvedOperation resolve(
      O operation, Resolution resolution) {
    try {
      return type(operation).resolve(operation, resolution);
    } catch (RefusedByServerException ex) {
      throw resolution.invalid(ErrorCode.EXPRESSION_INVALID, String.valueOf(ex.getMessage()));
    }
  }

  @SuppressWarnings("unchecked") // its class is that of its operation
  static <O extends Operation> OperationType<O> type(O operation) {
    OperationType<?> type = find(operation, USUAL);
    if (type == null) {
      type = find(operation, Others.ALL);
    }
    if (type == null) {
      throw new IllegalStateException("no type is registered for " + operation);
    }
    return (OperationType<O>) type;
  }

  private static @Nullable OperationType<?> find(
      Operation operation, List<OperationType<?>> types) {
    for (OperationType<?> type : types) {
      if (type.operation() == operation.getClass()) {
        return type;
      }
    }
    return null;
  }
}
