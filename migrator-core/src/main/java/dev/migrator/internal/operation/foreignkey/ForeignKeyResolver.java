package dev.migrator.internal.operation.foreignkey;

import static dev.migrator.internal.operation.TableResolver.column;
import static dev.migrator.internal.operation.TableResolver.invalid;

import dev.migrator.AddForeignKey;
import dev.migrator.internal.catalog.ColumnFacts;
import dev.migrator.internal.catalog.ConstraintFacts;
import dev.migrator.internal.catalog.ConstraintReader;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.OperationResolver;
import dev.migrator.internal.operation.TableResolver;
import dev.migrator.internal.plan.Declaration;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds a foreign key against both of its tables. */
public final class ForeignKeyResolver {

  private static final Logger logger = LoggerFactory.getLogger(ForeignKeyResolver.class);

  private final TableResolver tables;

  private final ConstraintReader reader;

  public ForeignKeyResolver(TableResolver tables, ConstraintReader reader) {
    this.tables = tables;
    this.reader = reader;
  }

  /** To be called in a transaction. */
  public ResolvedForeignKey resolve(
      Declaration declaration, AddForeignKey recipe, TableFacts table) {
    TableFacts parent = tables.table(declaration, recipe.parent());
    if (parent.partitioned()) {
      throw invalid(
          declaration,
          "%s is partitioned, and a foreign key that refers to such a table is not supported"
              .formatted(parent));
    }
    for (int i = 0; i < recipe.columns().size(); i++) {
      ColumnFacts child = column(declaration, table, recipe.columns().get(i));
      ColumnFacts target = column(declaration, parent, recipe.parentColumns().get(i));
      if (!baseType(child).equals(baseType(target))) {
        throw invalid(
            declaration,
            "\"%s\" of %s is %s, but \"%s\" of %s is %s; a foreign key needs the same type on both sides"
                .formatted(
                    child.name(), table, child.type(), target.name(), parent, target.type()));
      }
    }
    requireKey(declaration, recipe, parent);
    @Nullable ConstraintFacts present = reader.constraint(table.oid(), recipe.name()).orElse(null);
    if (present != null && !isSame(present, recipe, parent)) {
      throw OperationResolver.taken(
          declaration, "constraint", recipe.name(), table, present.definition());
    }
    if (present == null) {
      warnWithoutIndex(declaration, recipe, table);
    }
    return new ResolvedForeignKey(
        table,
        recipe.name(),
        recipe.columns(),
        parent,
        recipe.parentColumns(),
        recipe.onDelete(),
        present != null,
        present != null && present.validated());
  }

  private void requireKey(Declaration declaration, AddForeignKey recipe, TableFacts parent) {
    boolean unique =
        reader.keys(parent.oid()).stream()
            .anyMatch(
                it ->
                    it.size() == recipe.parentColumns().size()
                        && new HashSet<>(it).equals(new HashSet<>(recipe.parentColumns())));
    if (!unique) {
      throw invalid(
          declaration,
          "%s has no unique key on %s, which a foreign key needs; add one first, for instance by addUnique(…)"
              .formatted(parent, recipe.parentColumns()));
    }
  }

  private static boolean isSame(ConstraintFacts present, AddForeignKey recipe, TableFacts parent) {
    return present.kind().equals("f")
        && present.parent() == parent.oid()
        && present.columns().equals(recipe.columns())
        && present.parentColumns().equals(recipe.parentColumns())
        && present.onDelete().equals(ResolvedForeignKey.code(recipe.onDelete()));
  }

  private void warnWithoutIndex(Declaration declaration, AddForeignKey recipe, TableFacts table) {
    int size = recipe.columns().size();
    boolean supported =
        reader.indexes(table.oid()).stream()
            .filter(it -> it.size() >= size)
            .map(it -> List.copyOf(it.subList(0, size)))
            .anyMatch(it -> new HashSet<>(it).equals(new HashSet<>(recipe.columns())));
    if (!supported) {
      logger.warn(
          "{}: no index of {} begins with {}: every delete and key update in {} will read the whole table; add one by addIndex(…)",
          declaration.where(),
          table,
          recipe.columns(),
          recipe.parent());
    }
  }

  /** Modifiers, such as a length, do not keep values from being compared; nor does varchar. */
  private static String baseType(ColumnFacts column) {
    String type = column.type().replaceAll("\\([0-9, ]+\\)", "");
    return type.equals("character varying") ? "text" : type;
  }
}
