package dev.migrator.internal.operation;

import static dev.migrator.internal.operation.TableResolver.column;
import static dev.migrator.internal.operation.TableResolver.invalid;

import dev.migrator.AddCheck;
import dev.migrator.AddForeignKey;
import dev.migrator.AddIndex;
import dev.migrator.AddUnique;
import dev.migrator.DropIndex;
import dev.migrator.Recipe;
import dev.migrator.SetNotNull;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.internal.catalog.CatalogReader;
import dev.migrator.internal.catalog.ColumnFacts;
import dev.migrator.internal.catalog.ConstraintFacts;
import dev.migrator.internal.catalog.ConstraintReader;
import dev.migrator.internal.catalog.IndexFacts;
import dev.migrator.internal.catalog.IndexShape;
import dev.migrator.internal.catalog.PartitionedIndex;
import dev.migrator.internal.catalog.PartitionedIndexReader;
import dev.migrator.internal.catalog.TableClone;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.check.ResolvedCheck;
import dev.migrator.internal.operation.foreignkey.ForeignKeyResolver;
import dev.migrator.internal.operation.index.ResolvedIndex;
import dev.migrator.internal.operation.index.ResolvedIndexDrop;
import dev.migrator.internal.operation.notnull.NotNullReader;
import dev.migrator.internal.operation.notnull.NullFillingSql;
import dev.migrator.internal.operation.notnull.ResolvedNotNull;
import dev.migrator.internal.operation.unique.ResolvedUnique;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.IndexName;
import dev.migrator.internal.sql.ObjectNames;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Holds a recipe against the database: what of it is there already, and whether the rest can be
 * carried out. Changes nothing.
 */
public final class OperationResolver {

  private final Database database;

  private final CatalogReader catalog;

  private final ConstraintReader reader;

  private final NotNullReader notNullReader;

  private final TableClone clone;

  private final TableResolver tables;

  private final ForeignKeyResolver foreignKeys;

  private final PartitionCheck partitions;

  public OperationResolver(Database database) {
    this.database = database;
    this.catalog = new CatalogReader(database);
    this.reader = new ConstraintReader(database);
    this.notNullReader = new NotNullReader(database);
    this.clone = new TableClone(database);
    this.tables = new TableResolver(database);
    this.foreignKeys = new ForeignKeyResolver(tables, reader);
    this.partitions = new PartitionCheck(database);
  }

  /**
   * Resolves a recipe.
   *
   * @param first whether its first phase is still to come: later on, what is there or missing may
   *     be the work of the recipe itself
   */
  public ResolvedOperation resolve(Declaration declaration, Recipe recipe, boolean first) {
    TableFacts table = database.inTransaction(() -> tables.table(declaration));
    if (table.partitioned()) {
      database.inTransaction(() -> partitions.check(declaration, table, recipe, first));
    }
    try {
      if (recipe instanceof SetNotNull it) {
        return notNull(declaration, it, table);
      }
      if (recipe instanceof AddCheck it) {
        return check(declaration, it, table);
      }
      if (recipe instanceof AddForeignKey it) {
        return database.inTransaction(() -> foreignKeys.resolve(declaration, it, table));
      }
      if (recipe instanceof AddUnique it) {
        return unique(declaration, it, table, first);
      }
      if (recipe instanceof AddIndex it) {
        return index(declaration, it, table, first);
      }
      if (recipe instanceof DropIndex it) {
        return dropIndex(declaration, it, table, first);
      }
      throw new IllegalStateException("no such recipe: " + recipe);
    } catch (InvalidMigrationException ex) {
      String message = String.valueOf(ex.getMessage());
      throw message.startsWith(declaration.where()) ? ex : invalid(declaration, message);
    }
  }

  private ResolvedOperation notNull(Declaration declaration, SetNotNull recipe, TableFacts table) {
    ColumnFacts column = column(declaration, table, recipe.column());
    String expression = recipe.fillNullsWith();
    if (expression != null && !column.notNull()) {
      if (column.kind() != ColumnFacts.Kind.PLAIN) {
        throw invalid(
            declaration,
            "the column \"%s\" of %s is a generated column, which nothing can fill"
                .formatted(column.name(), table));
      }
      boolean unique =
          database.inTransaction(() -> reader.keys(table.oid())).stream()
              .anyMatch(it -> it.equals(List.of(column.name())));
      clone.filling(table, column, expression, unique);
    }
    return database.inTransaction(
        () -> {
          ObjectNames names = new ObjectNames(recipe.id());
          List<String> searchPath = catalog.searchPath();
          NullFillingSql filling =
              (expression == null)
                  ? null
                  : ResolvedNotNull.filling(table, column, expression, names, searchPath);
          return new ResolvedNotNull(
              table,
              column,
              notNullReader.read(table, column.name(), names),
              filling,
              reader.hasTrigger(table.oid(), NullFillingSql.triggerName(names)));
        });
  }

  private ResolvedOperation check(Declaration declaration, AddCheck recipe, TableFacts table) {
    List<String> wanted = clone.check(table, recipe.name(), recipe.expression());
    @Nullable ConstraintFacts present =
        database.inTransaction(() -> reader.constraint(table.oid(), recipe.name())).orElse(null);
    if (present != null && !present.definition().equals(wanted.get(0))) {
      throw taken(declaration, "constraint", recipe.name(), table, present.definition());
    }
    return new ResolvedCheck(
        table,
        recipe.name(),
        wanted.get(0),
        wanted.get(1),
        present != null,
        present != null && present.validated());
  }

  private ResolvedOperation unique(
      Declaration declaration, AddUnique recipe, TableFacts table, boolean first) {
    recipe.columns().forEach(it -> column(declaration, table, it));
    IndexShape shape = clone.unique(table, recipe.name(), recipe.columns());
    IndexName name = new IndexName(table.schema(), recipe.name());
    @Nullable ConstraintFacts present =
        database.inTransaction(() -> reader.constraint(table.oid(), recipe.name())).orElse(null);
    if (present != null
        && !(present.kind().equals("u") && present.columns().equals(recipe.columns()))) {
      throw taken(declaration, "constraint", recipe.name(), table, present.definition());
    }
    boolean indexPresent = isPresent(declaration, name, shape, table);
    if (first && indexPresent && present == null) {
      throw invalid(
          declaration,
          "the index \"%s\" of %s is there already; the constraint would take it over, and taking the constraint back would drop it: choose another name, and drop that index afterwards by dropIndex(\"%s\")"
              .formatted(recipe.name(), table, recipe.name()));
    }
    return new ResolvedUnique(table, name, shape, indexPresent, present != null);
  }

  private ResolvedOperation index(
      Declaration declaration, AddIndex recipe, TableFacts table, boolean first) {
    recipe.columns().forEach(it -> column(declaration, table, it));
    IndexShape shape = clone.index(table, recipe);
    IndexName name = new IndexName(table.schema(), recipe.name());
    ResolvedIndex index =
        new ResolvedIndex(table, name, shape, isPresent(declaration, name, shape, table));
    if (table.partitioned() && first && !index.present()) {
      database.inTransaction(() -> partitions.check(declaration, table, index.partitioned()));
    }
    return index;
  }

  /** One that is there but not valid will be dropped and built again, so it must be this one. */
  private boolean isPresent(
      Declaration declaration, IndexName name, IndexShape shape, TableFacts table) {
    Optional<IndexFacts> present = database.inTransaction(() -> reader.index(name));
    if (present.isEmpty()) {
      return false;
    }
    IndexFacts facts = present.get();
    if (facts.table() != table.oid()) {
      throw invalid(
          declaration,
          "the name \"%s\" is taken in schema %s; choose another name"
              .formatted(name.name(), name.schema()));
    }
    if (!facts.is(shape)) {
      throw taken(
          declaration,
          "index",
          name.name(),
          table,
          (facts.unique() ? "unique " : "") + facts.definition());
    }
    if (table.partitioned() && !facts.valid()) {
      throw invalid(declaration, PartitionedIndex.notWhole(name, table.toString()));
    }
    return facts.valid();
  }

  private ResolvedOperation dropIndex(
      Declaration declaration, DropIndex recipe, TableFacts table, boolean first) {
    IndexName name = new IndexName(table.schema(), recipe.name());
    @Nullable IndexFacts facts = database.inTransaction(() -> reader.index(name)).orElse(null);
    if (facts == null && first) {
      List<String> names = database.inTransaction(() -> reader.indexNames(table.oid()));
      throw invalid(
          declaration,
          "%s has no index \"%s\"; it has %s"
              .formatted(table, name.name(), names.isEmpty() ? "none" : String.join(", ", names)));
    }
    if (facts == null) {
      return new ResolvedIndexDrop(table, name, null, Map.of());
    }
    if (facts.table() != table.oid()) {
      throw invalid(declaration, "\"%s\" is not an index of %s".formatted(name.name(), table));
    }
    if (!facts.constraints().isEmpty()) {
      throw invalid(
          declaration,
          "the index \"%s\" backs the constraints %s; it goes with them, not alone"
              .formatted(name.name(), facts.constraints()));
    }
    if (facts.replicaIdentity()) {
      throw invalid(
          declaration,
          "the index \"%s\" is the replica identity of %s: without it, updates of a published table fail; choose another replica identity first"
              .formatted(name.name(), table));
    }
    if (table.partitioned() && facts.unique()) {
      throw invalid(
          declaration,
          "the index \"%s\" of %s is unique, which is not supported for a partitioned table"
              .formatted(name.name(), table));
    }
    return new ResolvedIndexDrop(table, name, facts, parts(table, name));
  }

  private Map<Long, String> parts(TableFacts table, IndexName index) {
    return table.partitioned()
        ? database.inTransaction(() -> new PartitionedIndexReader(database).partNames(index))
        : Map.of();
  }

  public static InvalidMigrationException taken(
      Declaration declaration, String what, String name, TableFacts table, String definition) {
    return invalid(
        declaration,
        "%s has already %s %s \"%s\" with another definition: %s; choose another name, or drop that one first"
            .formatted(table, what.equals("index") ? "an" : "a", what, name, definition));
  }
}
