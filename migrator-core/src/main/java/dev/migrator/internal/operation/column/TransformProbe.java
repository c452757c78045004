package dev.migrator.internal.operation.column;

import dev.migrator.Sync;
import dev.migrator.error.ErrorCode;
import dev.migrator.internal.catalog.CatalogReader;
import dev.migrator.internal.catalog.ColumnFacts;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.Resolution;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.ObjectNames;
import dev.migrator.internal.sql.SqlState;
import dev.migrator.operation.NewColumn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/**
 * Lets the server itself judge types and transforms before anything is changed: an empty table with
 * the columns in question is made in the engine's own schema and rolled back. The user's table is
 * not touched.
 */
public final class TransformProbe {

  private static final String CONSTRAINED =
      """
      t.typtype = 'd'
        AND (t.typnotnull OR t.typdefault IS NOT NULL
             OR EXISTS (SELECT FROM pg_constraint c WHERE c.contypid = t.oid))
      """;

  private final Resolution resolution;

  private final Database database;

  private final CatalogReader catalog;

  public TransformProbe(Resolution resolution) {
    this.resolution = resolution;
    this.database = resolution.database();
    this.catalog = resolution.catalog();
  }

  /** What the catalog will say of columns that stand by themselves. */
  public List<ColumnFacts> newSide(TableFacts table, List<NewColumn> added) {
    return probe(table, List.of(), added, null).newSide();
  }

  /**
   * Works out the types of the new columns, and checks the transforms.
   *
   * @param oldSide the columns of the old side
   * @param added the columns to add
   * @param sync how they are computed
   * @return what the catalog will say of the new columns, and what the transforms mean
   * @throws dev.migrator.error.InvalidMigrationException if a type or a transform is not valid
   */
  public Probed probe(
      TableFacts table, List<ColumnFacts> oldSide, List<NewColumn> added, @Nullable Sync sync) {
    return isCopy(oldSide, added, sync)
        ? new Probed(List.of(copy(oldSide.get(0), added.get(0).name())), Map.of())
        : probeAll(table, oldSide, added, sync);
  }

  /**
   * Whether the new column is like the old one, so that there is nothing the server could say but
   * what the catalog has said: both sides have one type, which can be assigned to itself.
   */
  private boolean isCopy(List<ColumnFacts> oldSide, List<NewColumn> added, @Nullable Sync sync) {
    return sync != null
        && sync.transforms().isEmpty()
        && oldSide.size() == 1
        && added.size() == 1
        && added.get(0).type() == null
        && mayBeAdded(oldSide.get(0).type());
  }

  /** What a column is that takes over nothing but the type. */
  private static ColumnFacts copy(ColumnFacts column, String name) {
    return new ColumnFacts(
        name,
        column.type(),
        false,
        null,
        false,
        ColumnFacts.Kind.PLAIN,
        column.exactEquality(),
        column.collation(),
        null);
  }

  /** What {@link #probe} says, by a table that is made and rolled back. */
  Probed probeAll(
      TableFacts table, List<ColumnFacts> oldSide, List<NewColumn> added, @Nullable Sync sync) {
    return database.andRollBack(
        () -> {
          for (NewColumn column : added) {
            checkType(column, (column.type() == null) ? oldSide.get(0).type() : column.type());
          }
          if (sync != null && !sync.transforms().isEmpty()) {
            oldSide.forEach(this::checkOldType);
          }
          List<ColumnFacts> newSide = create(oldSide, added);
          Map<String, String> transforms = new HashMap<>();
          if (sync != null) {
            checkSide(table, newSide, oldSide, sync, transforms);
            checkSide(table, oldSide, newSide, sync, transforms);
          }
          return new Probed(newSide, transforms);
        });
  }

  /**
   * What the server says.
   *
   * @param newSide the new columns
   * @param transforms by column, with everything named by its schema
   */
  public record Probed(List<ColumnFacts> newSide, Map<String, String> transforms) {

    public Probed {
      newSide = List.copyOf(newSide);
      transforms = Map.copyOf(transforms);
    }
  }

  private void checkType(NewColumn column, String type) {
    try {
      explain("SELECT CAST(NULL AS %s)".formatted(type));
    } catch (DataAccessException ex) {
      throw resolution.invalid(
          ErrorCode.TYPE_INVALID,
          "the type \"%s\" of the new column \"%s\" is not one that PostgreSQL knows here: %s; constraints, defaults and serial types are not part of a type"
              .formatted(type, column.name(), SqlState.describe(ex)));
    }
    if (isConstrainedDomain(type)) {
      throw resolution.invalid(
          ErrorCode.TYPE_REWRITES,
          "the type \"%s\" of the new column \"%s\" is a domain with constraints: adding such a column rewrites the whole table while nobody can use it; use the domain's base type"
              .formatted(type, column.name()));
    }
  }

  /** The comparison of both sides casts to the old type, also where a row is not copied yet. */
  private void checkOldType(ColumnFacts column) {
    if (isConstrainedDomain(column.type())) {
      throw resolution.invalid(
          ErrorCode.COLUMN_UNSUITABLE,
          "the type \"%s\" of the old column \"%s\" is a domain with constraints, which a transform could violate for rows that are not copied yet; change the column to the domain's base type with a check first"
              .formatted(column.type(), column.name()));
    }
  }

  private boolean isConstrainedDomain(String type) {
    return is(type, CONSTRAINED);
  }

  private boolean mayBeAdded(String type) {
    return is(type, "has_type_privilege(t.oid, 'USAGE') AND NOT (" + CONSTRAINED + ")");
  }

  private boolean is(String type, String condition) {
    return database
        .query(
            "SELECT %s FROM pg_type t WHERE t.oid = pg_typeof(CAST(NULL AS %s))::oid"
                .formatted(condition, type),
            (rs, row) -> rs.getBoolean(1))
        .get(0);
  }

  private List<ColumnFacts> create(List<ColumnFacts> oldSide, List<NewColumn> added) {
    String table = Identifiers.quote(ObjectNames.SCHEMA, "probe");
    List<String> columns = new ArrayList<>();
    oldSide.forEach(it -> columns.add(definition(it.name(), it.type(), it.collation())));
    for (NewColumn column : added) {
      columns.add(
          (column.type() == null)
              ? definition(column.name(), oldSide.get(0).type(), oldSide.get(0).collation())
              : definition(column.name(), column.type(), null));
    }
    // A publication of all tables would refuse the update that is planned below.
    database.execute(
        "CREATE TABLE %1$s (%2$s); ALTER TABLE %1$s REPLICA IDENTITY FULL"
            .formatted(table, String.join(", ", columns)));
    long oid =
        database.jdbc().sql("SELECT ?::regclass::oid").param(table).query(Long.class).single();
    List<ColumnFacts> all = catalog.columns(oid);
    return all.subList(oldSide.size(), all.size());
  }

  private void checkSide(
      TableFacts table,
      List<ColumnFacts> computed,
      List<ColumnFacts> from,
      Sync sync,
      Map<String, String> transforms) {
    for (ColumnFacts column : computed) {
      String declared = sync.transforms().getOrDefault(column.name(), from.get(0).quoted());
      String transform = resolution.meant(declared, column.name());
      String source =
          from.stream()
              .map(it -> "NULL::" + it.type() + " AS " + it.quoted())
              .collect(Collectors.joining(", "));
      boolean copied = !sync.transforms().containsKey(column.name());
      try {
        explain(
            "SELECT (%s) FROM (SELECT %s) AS %s"
                .formatted(transform, source, Identifiers.quote(table.name())));
        explain(update(table, column, transform));
      } catch (DataAccessException ex) {
        if (copied) {
          throw resolution.invalid(
              ErrorCode.NOT_COPYABLE,
              "the column \"%s\" (%s) cannot be copied to \"%s\" (%s): %s; give both directions a transform with compute(…)"
                  .formatted(
                      from.get(0).name(),
                      from.get(0).type(),
                      column.name(),
                      column.type(),
                      SqlState.describe(ex)));
        }
        throw resolution.invalid(
            ErrorCode.EXPRESSION_INVALID,
            "the transform of \"%s\" (%s) is not valid: %s; it is \"%s\" and can use %s"
                .formatted(
                    column.name(),
                    column.type(),
                    SqlState.describe(ex),
                    transform,
                    from.stream()
                        .map(it -> it.name() + " (" + it.type() + ")")
                        .collect(Collectors.joining(", "))));
      }
      boolean same = copied && column.type().equals(from.get(0).type());
      if (!same) {
        new TransformFunctions(resolution)
            .check(table, column, transform, source, Identifiers.quote(table.name()));
      }
      if (!copied) {
        transforms.put(
            column.name(),
            resolution.qualified(
                declared,
                column.name(),
                "(SELECT %s) AS %s".formatted(source, Identifiers.quote(table.name())),
                it -> isUsable(table, column, it)));
      }
    }
  }

  /** Undone by itself if it is not. */
  private boolean isUsable(TableFacts table, ColumnFacts column, String transform) {
    try {
      return database.attempt(
          () -> {
            explain(update(table, column, transform));
            return true;
          });
    } catch (DataAccessException ex) {
      return false;
    }
  }

  private static String update(TableFacts table, ColumnFacts column, String transform) {
    String probe =
        Identifiers.quote(ObjectNames.SCHEMA, "probe") + " AS " + Identifiers.quote(table.name());
    return "UPDATE %s SET %s = (%s)".formatted(probe, column.quoted(), transform);
  }

  private void explain(String sql) {
    database.query("EXPLAIN " + sql, (rs, row) -> row);
  }

  private static String definition(String name, String type, @Nullable String collation) {
    return Identifiers.quote(name)
        + " "
        + type
        + (collation == null ? "" : " COLLATE " + collation);
  }
}
