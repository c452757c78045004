package dev.migrator.internal.operation.column;

import dev.migrator.Phase;
import dev.migrator.internal.catalog.ColumnFacts;
import dev.migrator.internal.catalog.SideFacts;
import dev.migrator.internal.catalog.SideReader;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.ResolvedOperation;
import dev.migrator.internal.operation.SharedCopy;
import dev.migrator.internal.operation.notnull.NotNullSql;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.ObjectNames;
import dev.migrator.internal.step.PhaseSteps;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A change of columns with everything the catalog adds to its declaration: what SQL is made from.
 *
 * @param names what the engine calls what it makes
 * @param table the table as it is
 * @param oldSide the columns of the old side as they are; empty without a pairing
 * @param newSide the columns of the new side as they are or will be
 * @param present which columns of the new side are there already
 * @param transforms the SQL expressions by the column they compute
 * @param attachments the indexes and constraints of the old column, to be copied to the new one
 * @param notNull how a new column that takes the place of one other becomes NOT NULL; {@code null}
 *     for every other change
 * @param notNulls the NOT NULLs of the table that have names, by their columns
 * @param settings what is set for a column that takes the place of one other beyond its type, as
 *     ALTER COLUMN writes it
 * @param userTriggers whether the triggers of the table fire on the writes of the backfill
 * @param byApplication whether the releases write both sides themselves, without triggers
 * @param searchPath the schemas in which a transform finds its functions
 * @param foreignTriggers whether another trigger may change what an update does not name, or could
 *     since ours were made
 * @param facts what triggers and copied objects are made from; {@code null} without a pairing
 */
public record ResolvedColumnChange(
    ObjectNames names,
    TableFacts table,
    List<ColumnFacts> oldSide,
    List<ColumnFacts> newSide,
    Set<String> present,
    Map<String, String> transforms,
    List<DependentObject> attachments,
    @Nullable NotNullSql notNull,
    Map<String, NamedNotNull> notNulls,
    List<String> settings,
    boolean userTriggers,
    boolean byApplication,
    List<String> searchPath,
    boolean foreignTriggers,
    @Nullable SideFacts facts)
    implements ResolvedOperation {

  public ResolvedColumnChange {
    oldSide = List.copyOf(oldSide);
    newSide = List.copyOf(newSide);
    present = Set.copyOf(present);
    transforms = Map.copyOf(transforms);
    attachments = List.copyOf(attachments);
    notNulls = Map.copyOf(notNulls);
    settings = List.copyOf(settings);
    searchPath = List.copyOf(searchPath);
  }

  /** Whether the change is one column copied as it is, the plain rename. */
  public boolean isCopy() {
    return transforms.isEmpty()
        && oldSide.size() == 1
        && newSide.size() == 1
        && oldSide.get(0).type().equals(newSide.get(0).type());
  }

  /** The expression that computes a column from the other side. */
  String expression(ColumnFacts column) {
    String transform = transforms.get(column.name());
    if (transform != null) {
      return transform;
    }
    boolean onNewSide = newSide.contains(column);
    return (onNewSide ? oldSide : newSide).get(0).quoted();
  }

  @Override
  public PhaseSteps steps(Phase phase) {
    return ColumnChangeSteps.of(phase, this);
  }

  /** A copy, as where both sides agree it writes what is there. */
  @Override
  public Optional<SharedCopy> sharedCopy() {
    if (!isCopy() || byApplication) {
      return Optional.empty();
    }
    ColumnChangeSql sql = new ColumnChangeSql(this);
    return Optional.of(new SharedCopy(sql.ranges(), sql.triggerNames()));
  }

  /** The new columns are there after EXPAND, and have all that they need after BACKFILL. */
  @Override
  public ResolvedColumnChange after(Phase phase) {
    boolean carried = phase.includes(Phase.BACKFILL);
    boolean notNullCarried = carried && carriedNotNull().isPresent();
    List<ColumnFacts> columns = new ArrayList<>(table.columns());
    for (ColumnFacts column : newSide) {
      ColumnFacts before = table.column(column.name()).orElse(column);
      columns.removeIf(it -> it.name().equals(column.name()));
      columns.add(notNullCarried ? before.asNotNull() : before);
    }
    return with(
        table.with(columns),
        newSide,
        newSide.stream().map(ColumnFacts::name).collect(Collectors.toSet()),
        carried
            ? new DependentObjectSql(this).carried(phase.includes(Phase.SWITCH_READ))
            : attachments,
        facts);
  }

  /**
   * What EXPAND has added is known, and the lock keeps everything else of the table as it was; what
   * the new columns are by now, and which number each index has, the catalog says.
   */
  @Override
  public ResolvedColumnChange seenAfterExpand(Database database) {
    ResolvedColumnChange added = after(Phase.EXPAND);
    if (facts == null) {
      return added;
    }
    SideFacts seen =
        new SideReader(database)
            .read(table.oid(), names(oldSide), names(newSide), names.constraint(""));
    return added.with(added.table, newSide, added.present, added.attachments, seen);
  }

  private static List<String> names(List<ColumnFacts> side) {
    return side.stream().map(ColumnFacts::name).toList();
  }

  /**
   * How the new column becomes NOT NULL, if it has to. Only a copy can promise that an old client's
   * write never meets it.
   */
  public Optional<NotNullSql> carriedNotNull() {
    boolean carried =
        isCopy()
            && oldSide.get(0).notNull()
            && !table.column(newSide.get(0).name()).map(ColumnFacts::notNull).orElse(false);
    return carried ? Optional.ofNullable(notNull) : Optional.empty();
  }

  /**
   * The NOT NULL of an old column, if it has a name or a comment of its own, which the new column's
   * gets when it takes its place, and an undo gives back.
   */
  Optional<NamedNotNull> ownNotNull(ColumnFacts column) {
    return Optional.ofNullable(notNulls.get(column.name())).filter(NamedNotNull::isOwn);
  }

  /** That of the new column, where it takes the place of one of a name or comment of its own. */
  Optional<NamedNotNull> namesakeNotNull() {
    return (isCopy() && ownNotNull(oldSide.get(0)).isPresent())
        ? Optional.ofNullable(notNulls.get(newSide.get(0).name()))
        : Optional.empty();
  }

  /** The same with other facts about the new side. */
  ResolvedColumnChange withNewSide(List<ColumnFacts> columns) {
    return with(table, columns, present, attachments, facts);
  }

  private ResolvedColumnChange with(
      TableFacts otherTable,
      List<ColumnFacts> columns,
      Set<String> there,
      List<DependentObject> carried,
      @Nullable SideFacts seen) {
    return new ResolvedColumnChange(
        names,
        otherTable,
        oldSide,
        columns,
        there,
        transforms,
        carried,
        notNull,
        notNulls,
        settings,
        userTriggers,
        byApplication,
        searchPath,
        foreignTriggers,
        seen);
  }
}
