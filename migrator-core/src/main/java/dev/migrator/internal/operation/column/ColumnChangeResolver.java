package dev.migrator.internal.operation.column;

import static dev.migrator.internal.operation.TableResolver.invalid;

import dev.migrator.ColumnChange;
import dev.migrator.NewColumn;
import dev.migrator.Sync;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.internal.catalog.CatalogReader;
import dev.migrator.internal.catalog.ColumnFacts;
import dev.migrator.internal.catalog.Dependency;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.PartitionCheck;
import dev.migrator.internal.operation.TableResolver;
import dev.migrator.internal.operation.notnull.NotNullReader;
import dev.migrator.internal.operation.notnull.NotNullSql;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.ObjectNames;
import dev.migrator.internal.sql.SqlState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/**
 * Holds a declaration against the database: either it becomes something SQL can be made from, or it
 * is refused with a message that says where to look and what to change. Changes nothing.
 */
public final class ColumnChangeResolver {

  private final Database database;

  private final CatalogReader catalog;

  private final TransformProbe probe;

  private final DependentObjectReader attachmentReader;

  private final NotNullReader notNullReader;

  private final TableResolver tables;

  private final PartitionCheck partitions;

  public ColumnChangeResolver(Database database) {
    this.database = database;
    this.catalog = new CatalogReader(database);
    this.probe = new TransformProbe(database);
    this.attachmentReader = new DependentObjectReader(database);
    this.notNullReader = new NotNullReader(database);
    this.tables = new TableResolver(database);
    this.partitions = new PartitionCheck(database);
  }

  /**
   * Resolves a change.
   *
   * @param first whether its first phase is still to come
   */
  public ResolvedColumnChange resolve(Declaration declaration, ColumnChange change, boolean first) {
    TableFacts table = database.inTransaction(() -> tables.table(declaration));
    List<ColumnFacts> oldSide = oldSide(declaration, change.sync(), table);
    if (table.partitioned()) {
      if (change.byApplication()) {
        throw invalid(
            declaration,
            "%s is partitioned, which byApplication() does not support; leave it out, so that triggers keep both sides in step"
                .formatted(table));
      }
      database.inTransaction(() -> partitions.check(declaration, table, oldSide));
    }
    List<ColumnFacts> newSide;
    try {
      newSide = probe.newSide(table.name(), oldSide, change.newColumns(), change.sync());
    } catch (InvalidMigrationException ex) {
      throw invalid(declaration, ex.getMessage());
    }
    checkPresent(declaration, table, newSide, first);
    if (!change.userTriggers()) {
      database.inTransaction(() -> tables.checkTriggersCanBeLeftOut(declaration, table));
    }
    List<DependentObject> attachments =
        attachments(declaration, change.sync(), table, oldSide, newSide);
    Set<String> present = new HashSet<>();
    for (NewColumn column : change.newColumns()) {
      table.column(column.name()).ifPresent(it -> present.add(it.name()));
    }
    Sync sync = change.sync();
    return new ResolvedColumnChange(
        change.id(),
        table,
        oldSide,
        withComment(oldSide, newSide),
        present,
        (sync == null) ? Map.of() : sync.transforms(),
        attachments,
        notNull(change, table, newSide),
        settings(table, oldSide, newSide),
        change.userTriggers(),
        change.byApplication(),
        database.inTransaction(catalog::searchPath));
  }

  private List<String> settings(
      TableFacts table, List<ColumnFacts> oldSide, List<ColumnFacts> newSide) {
    boolean sameType =
        oldSide.size() == 1
            && newSide.size() == 1
            && oldSide.get(0).type().equals(newSide.get(0).type());
    return sameType
        ? database.inTransaction(() -> catalog.settings(table.oid(), oldSide.get(0).name()))
        : List.of();
  }

  private @Nullable NotNullSql notNull(
      ColumnChange change, TableFacts table, List<ColumnFacts> newSide) {
    return (newSide.size() == 1)
        ? database.inTransaction(
            () -> notNullReader.read(table, newSide.get(0).name(), new ObjectNames(change.id())))
        : null;
  }

  private static List<ColumnFacts> oldSide(
      Declaration declaration, @Nullable Sync sync, TableFacts table) {
    List<ColumnFacts> facts = new ArrayList<>();
    if (sync == null) {
      return facts;
    }
    for (String name : sync.oldColumns()) {
      ColumnFacts column = TableResolver.column(declaration, table, name);
      if (column.kind() != ColumnFacts.Kind.PLAIN) {
        throw invalid(
            declaration,
            "the column \"%s\" of %s is %s, which cannot be kept in step by a trigger"
                .formatted(
                    name,
                    table,
                    column.kind() == ColumnFacts.Kind.IDENTITY
                        ? "an identity column"
                        : "a generated column"));
      }
      facts.add(column);
    }
    return facts;
  }

  private static void checkPresent(
      Declaration declaration, TableFacts table, List<ColumnFacts> newSide, boolean first) {
    for (ColumnFacts column : newSide) {
      ColumnFacts present = table.column(column.name()).orElse(null);
      if (present != null && first) {
        throw invalid(
            declaration,
            "the table %s already has a column \"%s\" of type %s, which the migration did not add: its values, default and constraints would be taken for ours; drop it, or give the new column another name"
                .formatted(table, column.name(), present.type()));
      }
      if (present != null && !present.type().equals(column.type())) {
        throw invalid(
            declaration,
            "the table %s already has a column \"%s\" of type %s, but addColumn says %s; give the new column another name or the same type"
                .formatted(table, column.name(), present.type(), column.type()));
      }
    }
  }

  /**
   * What hangs on the old column and can be carried. Everything else is refused by name: it would
   * break the change half way, or be lost with the column.
   */
  private List<DependentObject> attachments(
      Declaration declaration,
      @Nullable Sync sync,
      TableFacts table,
      List<ColumnFacts> oldSide,
      List<ColumnFacts> newSide) {
    if (oldSide.isEmpty()) {
      return List.of();
    }
    boolean oneToOne = oldSide.size() == 1 && newSide.size() == 1;
    List<Dependency> dependents =
        database.inTransaction(
            () ->
                catalog.dependents(table.oid(), oldSide.stream().map(ColumnFacts::name).toList()));
    refuse(
        declaration,
        dependents.stream()
            .filter(it -> !oneToOne || !it.isAttachment())
            .map(Dependency::description)
            .toList());
    List<Dependency> onNewSide =
        database.inTransaction(
            () ->
                catalog.dependents(table.oid(), newSide.stream().map(ColumnFacts::name).toList()));
    refuse(
        declaration,
        dependents.stream()
            .filter(onNewSide::contains)
            .map(it -> it.description() + " (it hangs on both columns)")
            .toList());
    refuse(
        declaration,
        declaration.byApplication()
            ? List.of()
            : database
                .inTransaction(() -> catalog.triggersBehind(table.oid(), ObjectNames.PREFIX))
                .stream()
                .map(
                    it ->
                        "trigger "
                            + it
                            + " (its name sorts behind ours, so it could change the row unseen)")
                .toList());
    if (dependents.isEmpty()) {
      return List.of();
    }
    List<DependentObject> attachments;
    try {
      attachments = attachmentReader.read(table, oldSide.get(0), newSide.get(0));
    } catch (DataAccessException ex) {
      throw invalid(
          declaration,
          "what hangs on the old column does not fit the type of the new one: %s; drop or change it first: %s"
              .formatted(
                  SqlState.describe(ex),
                  dependents.stream()
                      .map(Dependency::description)
                      .collect(Collectors.joining("; "))));
    }
    if (table.partitioned()) {
      PartitionCheck.refuseAttachments(declaration, table, attachments);
    }
    refuse(
        declaration,
        attachments.stream()
            .filter(it -> !it.deferrability().isEmpty())
            .map(
                it ->
                    "the deferrable constraint %s (its index would be checked at once while it is built)"
                        .formatted(it.name()))
            .toList());
    boolean copy =
        sync != null
            && sync.transforms().isEmpty()
            && oldSide.get(0).type().equals(newSide.get(0).type());
    refuse(
        declaration,
        attachments.stream()
            .filter(it -> !copy && it.constrains())
            .map(
                it ->
                    "%s %s (with a transform it could reject what an old release writes)"
                        .formatted(
                            it.kind().name().toLowerCase(Locale.ROOT).replace('_', ' '), it.name()))
            .toList());
    return attachments;
  }

  private static void refuse(Declaration declaration, List<String> objects) {
    if (!objects.isEmpty()) {
      throw invalid(
          declaration,
          "these hang on the old column and would be lost or broken: %s; drop them or change them first"
              .formatted(String.join("; ", objects)));
    }
  }

  /**
   * The comment of the old column describes the new one as well, where it simply takes its place.
   */
  private static List<ColumnFacts> withComment(
      List<ColumnFacts> oldSide, List<ColumnFacts> newSide) {
    if (oldSide.size() != 1 || newSide.size() != 1) {
      return newSide;
    }
    ColumnFacts column = newSide.get(0);
    return List.of(
        new ColumnFacts(
            column.name(),
            column.type(),
            column.notNull(),
            column.defaultExpression(),
            column.constantDefault(),
            column.kind(),
            column.exactEquality(),
            column.collation(),
            oldSide.get(0).comment()));
  }
}
