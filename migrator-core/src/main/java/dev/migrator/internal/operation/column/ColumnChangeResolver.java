package dev.migrator.internal.operation.column;

import dev.migrator.DualWrite;
import dev.migrator.Sync;
import dev.migrator.error.ErrorCode;
import dev.migrator.internal.catalog.CatalogReader;
import dev.migrator.internal.catalog.ColumnFacts;
import dev.migrator.internal.catalog.Dependency;
import dev.migrator.internal.catalog.ForeignTriggers;
import dev.migrator.internal.catalog.SideFacts;
import dev.migrator.internal.catalog.SideReader;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.ReachedAlready;
import dev.migrator.internal.operation.Resolution;
import dev.migrator.internal.operation.ResolvedOperation;
import dev.migrator.internal.operation.TableCodeCheck;
import dev.migrator.internal.operation.notnull.NotNullReader;
import dev.migrator.internal.operation.notnull.NotNullSql;
import dev.migrator.internal.sql.ObjectNames;
import dev.migrator.internal.sql.SqlState;
import dev.migrator.operation.ColumnChange;
import dev.migrator.operation.NewColumn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Holds a declaration against the database: either it becomes something SQL can be made from, or it
 * is refused with a message that says where to look and what to change. Changes nothing.
 */
public final class ColumnChangeResolver {

  private static final Logger logger = LoggerFactory.getLogger(ColumnChangeResolver.class);

  private final Resolution resolution;

  private final CatalogReader catalog;

  ColumnChangeResolver(Resolution resolution) {
    this.resolution = resolution;
    this.catalog = resolution.catalog();
  }

  ResolvedOperation resolve(ColumnChange change) {
    TableFacts table =
        resolution.withQualifiedDefaults(
            resolution.tables().changed(change.table()), columns(change));
    resolution.tables().requireOwnColumns(table);
    if (new TargetShape(resolution).isOf(change, table)) {
      if (resolution.first()) {
        logger.info(
            "{}: {} has the new columns already and not the old ones; the change is recorded as reached",
            resolution.where(),
            table);
      }
      return new ReachedAlready(table);
    }
    return resolve(change, table);
  }

  private static Set<String> columns(ColumnChange change) {
    Set<String> columns = new HashSet<>();
    change.newColumns().forEach(it -> columns.add(it.name()));
    if (change.sync() != null) {
      columns.addAll(change.sync().oldColumns());
    }
    return columns;
  }

  private ResolvedColumnChange resolve(ColumnChange change, TableFacts table) {
    Sync sync = change.sync();
    boolean byApplication = change.dualWrite() == DualWrite.BY_APPLICATION;
    List<ColumnFacts> oldSide = oldSide(sync, table);
    if (table.partitioned()) {
      if (byApplication) {
        throw resolution.invalid(
            ErrorCode.PARTITIONED_UNSUPPORTED,
            "%s is partitioned, which byApplication() does not support; leave it out, so that triggers keep both sides in step"
                .formatted(table));
      }
      new PartitionedColumns(resolution).check(table, oldSide);
    }
    TransformProbe.Probed probed =
        new TransformProbe(resolution).probe(table, oldSide, change.newColumns(), sync);
    List<ColumnFacts> newSide = probed.newSide();
    checkPresent(change, table, oldSide, newSide);
    if (resolution.first()) {
      resolution.tables().requireRoom(table, newSide.stream().map(ColumnFacts::type).toList());
      if (sync != null) {
        resolution.tables().requireReplicaIdentity(table);
      }
    }
    if (!change.userTriggers()) {
      resolution.tables().checkTriggersCanBeLeftOut(table);
    }
    List<DependentObject> dependents = dependents(change, table, oldSide, newSide);
    if (resolution.first()) {
      checkCode(table, sync, byApplication);
    }
    Set<String> present = new HashSet<>();
    for (NewColumn column : change.newColumns()) {
      table.column(column.name()).ifPresent(it -> present.add(it.name()));
    }
    return new ResolvedColumnChange(
        resolution.names(),
        table,
        oldSide,
        withComment(oldSide, newSide),
        present,
        probed.transforms(),
        dependents,
        notNull(table, newSide),
        NamedNotNull.of(resolution.database(), table),
        settings(table, oldSide, newSide),
        change.userTriggers(),
        byApplication,
        catalog.searchPath(),
        sync != null && !byApplication && foreignTriggers(table, change, sync),
        (sync == null) ? null : facts(table, sync));
  }

  private SideFacts facts(TableFacts table, Sync sync) {
    return new SideReader(resolution.database())
        .read(table.oid(), sync.oldColumns(), sync.newColumns(), resolution.names().constraint(""));
  }

  private boolean foreignTriggers(TableFacts table, ColumnChange change, Sync sync) {
    List<String> columns = new ArrayList<>(sync.oldColumns());
    change.newColumns().forEach(it -> columns.add(it.name()));
    return new ForeignTriggers(resolution.database())
        .mayChange(
            table.oid(), resolution.names(), columns, TriggerSql.UPDATE, TriggerSql.FUNCTION);
  }

  /** What the catalog does not say of the table. */
  private void checkCode(TableFacts table, @Nullable Sync sync, boolean byApplication) {
    TableCodeCheck code = resolution.code();
    code.beforeNewColumns(table);
    if (sync != null) {
      if (!byApplication) {
        code.requireFiringTriggers();
      }
      code.beforeKeepingInStep(table, Set.copyOf(sync.oldColumns()));
    }
  }

  private List<String> settings(
      TableFacts table, List<ColumnFacts> oldSide, List<ColumnFacts> newSide) {
    boolean sameType =
        oldSide.size() == 1
            && newSide.size() == 1
            && oldSide.get(0).type().equals(newSide.get(0).type());
    return sameType ? catalog.settings(table.oid(), oldSide.get(0).name()) : List.of();
  }

  private @Nullable NotNullSql notNull(TableFacts table, List<ColumnFacts> newSide) {
    return (newSide.size() == 1)
        ? new NotNullReader(resolution.database())
            .read(table, newSide.get(0).name(), resolution.names())
        : null;
  }

  private List<ColumnFacts> oldSide(@Nullable Sync sync, TableFacts table) {
    List<ColumnFacts> facts = new ArrayList<>();
    if (sync == null) {
      return facts;
    }
    for (String name : sync.oldColumns()) {
      ColumnFacts column = resolution.tables().column(table, name);
      if (column.kind() != ColumnFacts.Kind.PLAIN) {
        throw resolution.invalid(
            ErrorCode.COLUMN_UNSUITABLE,
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

  private void checkPresent(
      ColumnChange change, TableFacts table, List<ColumnFacts> oldSide, List<ColumnFacts> newSide) {
    boolean ofOldType = change.newColumns().stream().anyMatch(it -> it.type() == null);
    for (ColumnFacts column : newSide) {
      ColumnFacts present = table.column(column.name()).orElse(null);
      if (present != null && resolution.first()) {
        throw resolution.invalid(
            ErrorCode.COLUMN_PRESENT,
            "the table %s already has a column \"%s\" of type %s, which the migration did not add: its values, default and constraints would be taken for ours; give the new column another name, or, if no release uses it and nobody needs its values, take it away first, by a migration of its own: dropColumn(\"%s\")"
                .formatted(table, column.name(), present.type(), column.name()));
      }
      if (present != null && !present.type().equals(column.type()) && ofOldType) {
        throw resolution.invalid(
            ErrorCode.COLUMN_RETYPED,
            "the column \"%s\" of %s is %s by now, but \"%s\" was made as %s when the change began; give it that type again, or undo the change to its beginning by UNDO and let it go on by RESUME, which makes \"%s\" anew"
                .formatted(
                    oldSide.get(0).name(),
                    table,
                    oldSide.get(0).type(),
                    present.name(),
                    present.type(),
                    present.name()));
      }
      if (present != null && !present.type().equals(column.type())) {
        throw resolution.invalid(
            ErrorCode.COLUMN_PRESENT,
            "the table %s already has a column \"%s\" of type %s, but addColumn says %s; give the new column another name or the same type"
                .formatted(table, column.name(), present.type(), column.type()));
      }
    }
  }

  /**
   * What depends on the old column and can be copied. Everything else is refused by name: it would
   * break the change half way, or be lost with the column.
   */
  private List<DependentObject> dependents(
      ColumnChange change, TableFacts table, List<ColumnFacts> oldSide, List<ColumnFacts> newSide) {
    if (oldSide.isEmpty()) {
      return List.of();
    }
    Sync sync = change.sync();
    boolean oneToOne = oldSide.size() == 1 && newSide.size() == 1;
    List<Dependency> dependents =
        catalog.dependents(table.oid(), oldSide.stream().map(ColumnFacts::name).toList());
    refuse(
        dependents.stream()
            .filter(it -> !oneToOne || !it.isCopyable())
            .map(Dependency::description)
            .toList());
    List<String> there =
        newSide.stream().map(ColumnFacts::name).filter(it -> table.column(it).isPresent()).toList();
    List<Dependency> onNewSide =
        (dependents.isEmpty() || there.isEmpty())
            ? List.of()
            : catalog.dependents(table.oid(), there);
    refuse(
        dependents.stream()
            .filter(onNewSide::contains)
            .map(it -> it.description() + " (it depends on both columns)")
            .toList());
    refuse(
        (change.dualWrite() == DualWrite.BY_APPLICATION)
            ? List.of()
            : catalog.triggersBehind(table.oid(), ObjectNames.PREFIX).stream()
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
    DependentObjectReader reader = new DependentObjectReader(resolution.database());
    try {
      attachments = reader.read(table, oldSide.get(0), newSide.get(0));
    } catch (DataAccessException ex) {
      throw resolution.invalid(
          ErrorCode.DEPENDENTS_DO_NOT_FIT,
          "what depends on the old column does not fit the type of the new one: %s; drop or change it first: %s"
              .formatted(
                  SqlState.describe(ex),
                  dependents.stream()
                      .map(Dependency::description)
                      .collect(Collectors.joining("; "))));
    }
    refuse(
        reader.lost().stream()
            .map(it -> "index %s (a copy of the table has none like it)".formatted(it))
            .toList());
    if (table.partitioned()) {
      new PartitionedColumns(resolution).checkDependents(table, attachments);
    }
    refuse(
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

  private void refuse(List<String> objects) {
    if (!objects.isEmpty()) {
      throw resolution.invalid(
          ErrorCode.DEPENDENTS_LOST,
          "these depend on the old column and would be lost or broken: %s; drop them or change them first"
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
