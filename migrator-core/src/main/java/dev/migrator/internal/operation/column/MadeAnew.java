package dev.migrator.internal.operation.column;

import dev.migrator.Phase;
import dev.migrator.internal.catalog.ColumnFacts;
import dev.migrator.internal.catalog.SideFacts;
import dev.migrator.internal.catalog.SideFacts.Carried;
import dev.migrator.internal.catalog.SideFacts.Column;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.internal.sql.TableLock;
import dev.migrator.internal.step.StepInfo;
import dev.migrator.internal.step.TransactionStep;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What somebody changes on the old column while the change is under way, copied to the new one, and
 * the triggers made anew whose conditions name a default. What somebody changes on the new column
 * stays as it is.
 */
public final class MadeAnew {

  /** The step that makes the triggers. */
  public static final String KEEP_IN_STEP = "keep-in-step";

  /** The step in place of it where there are none. */
  public static final String COPY_DEFAULT = "copy-default";

  private final ResolvedColumnChange change;

  private final SideFacts now;

  private final @Nullable SideFacts before;

  private final List<String> statements = new ArrayList<>();

  private final Set<TableLock> locks = new HashSet<>();

  private boolean conditions;

  private @Nullable Column target;

  private MadeAnew(ResolvedColumnChange change, SideFacts now, @Nullable SideFacts before) {
    this.change = change;
    this.now = now;
    this.before = before;
    this.target = isOneToOne() ? now.newSide().get(0) : null;
  }

  /**
   * Works it out.
   *
   * @param before what it was made from; {@code null} if an earlier version of the library did not
   *     record that
   */
  public static MadeAnew of(
      ResolvedColumnChange change, SideFacts now, @Nullable SideFacts before) {
    MadeAnew anew = new MadeAnew(change, now, before);
    anew.carryDefault();
    anew.carryDescription();
    anew.releaseNotNull();
    anew.dropOrphans();
    anew.triggers();
    return anew;
  }

  /** What the first triggers are made from, as the catalog says it when they are there. */
  static @Nullable SideFacts madeFrom(ResolvedColumnChange change) {
    SideFacts facts = change.facts();
    if (facts == null) {
      return null;
    }
    MadeAnew first = new MadeAnew(change, facts, null);
    first.carryDefault();
    return first.facts();
  }

  /** What the first step copies that EXPAND could not, as nothing said then what belongs to it. */
  static List<String> description(ResolvedColumnChange change) {
    SideFacts facts = change.facts();
    if (facts == null) {
      return List.of();
    }
    MadeAnew first = new MadeAnew(change, facts, null);
    first.carryDescription();
    return first.statements;
  }

  /** Whether rows may have been written under conditions that were not right any longer. */
  public boolean changesConditions() {
    return conditions;
  }

  /**
   * The step. It changes nothing if only what was recorded is out of date.
   *
   * @param always those triggers of the table that fire on what replication applies as well, which
   *     one that is made anew does not
   */
  public TransactionStep step(String name, Collection<String> always) {
    if (conditions) {
      TriggerSql.of(change).insertTriggerNames().stream()
          .filter(always::contains)
          .map(
              it ->
                  "ALTER TABLE %s ENABLE ALWAYS TRIGGER %s"
                      .formatted(table(), Identifiers.quote(it)))
          .forEach(statements::add);
    }
    StepInfo info = StepInfo.of(name, Phase.DUAL_WRITE).repeating().madeFrom(facts());
    List<TableLock> sorted =
        locks.stream()
            .sorted(Comparator.comparing((TableLock it) -> !it.table().equals(table())))
            .toList();
    return new TransactionStep(info, sorted, statements);
  }

  private SideFacts facts() {
    return (target == null) ? now : now.withNewSide(List.of(target));
  }

  private String table() {
    return change.table().quoted();
  }

  private boolean isOneToOne() {
    return change.oldSide().size() == 1
        && change.newSide().size() == 1
        && now.oldSide().size() == 1
        && now.newSide().size() == 1;
  }

  private @Nullable Column was() {
    return (before == null || before.oldSide().size() != 1) ? null : before.oldSide().get(0);
  }

  /** The default of the new column follows that of the old one unless it has one of its own. */
  private void carryDefault() {
    Column to = target;
    if (to == null || !change.isCopy()) {
      return;
    }
    Column from = now.oldSide().get(0);
    Column was = was();
    if (was != null && was.hasDefault(from.defaultExpression())) {
      return;
    }
    String carried = change.oldSide().get(0).constantDefault() ? from.defaultExpression() : null;
    boolean own =
        (before == null)
            ? carried == null
            : to.defaultExpression() != null
                && !before.newSide().isEmpty()
                && !before.newSide().get(0).hasDefault(to.defaultExpression());
    if (own || to.hasDefault(carried)) {
      return;
    }
    alter(to, (carried == null) ? "DROP DEFAULT" : "SET DEFAULT " + statement(carried));
    exclusive();
    target = to.withDefault(carried);
  }

  /** A default as it may stand in a statement, whatever path finds its names. */
  private @Nullable String statement(@Nullable String expression) {
    return now.oldSide().get(0).hasDefault(expression)
        ? change.oldSide().get(0).defaultExpression()
        : expression;
  }

  private void carryDescription() {
    Column to = target;
    if (to == null) {
      return;
    }
    Column from = now.oldSide().get(0);
    Column was = was();
    boolean comment =
        (was == null)
            ? to.comment() == null
            : !Objects.equals(was.comment(), from.comment())
                && Objects.equals(was.comment(), to.comment());
    if (comment && !Objects.equals(from.comment(), to.comment())) {
      statements.add(
          "COMMENT ON COLUMN %s.%s IS %s"
              .formatted(
                  table(),
                  Identifiers.quote(to.name()),
                  from.comment() == null ? "NULL" : Identifiers.literal(from.comment())));
    }
    if (change.oldSide().get(0).type().equals(change.newSide().get(0).type())) {
      carrySettings(from, to, was);
    }
  }

  private void carrySettings(Column from, Column to, @Nullable Column was) {
    if (was == null && !to.isPlain()) {
      return;
    }
    if (differs(from.statistics(), to.statistics(), was == null ? null : was.statistics(), was)) {
      alter(to, "SET STATISTICS " + (from.statistics() == null ? -1 : from.statistics()));
    }
    if (differs(from.storage(), to.storage(), was == null ? null : was.storage(), was)) {
      alter(to, "SET STORAGE " + from.storage());
      exclusive();
    }
    if (differs(
        from.compression(), to.compression(), was == null ? null : was.compression(), was)) {
      alter(to, "SET COMPRESSION " + (from.compression() == null ? "default" : from.compression()));
      exclusive();
    }
    if (differs(from.options(), to.options(), was == null ? null : was.options(), was)) {
      if (!to.options().isEmpty()) {
        alter(
            to,
            "RESET ("
                + String.join(
                    ", ",
                    to.options().stream().map(it -> it.substring(0, it.indexOf('='))).toList())
                + ")");
      }
      if (!from.options().isEmpty()) {
        alter(to, "SET (" + String.join(", ", from.options()) + ")");
      }
    }
  }

  private static boolean differs(
      @Nullable Object from, @Nullable Object to, @Nullable Object was, @Nullable Column known) {
    return !Objects.equals(from, to) && (known == null || !Objects.equals(from, was));
  }

  /** Where the old column takes NULL from now on, a copy of it must be taken as well. */
  private void releaseNotNull() {
    Column to = target;
    Column was = was();
    if (to == null
        || was == null
        || !change.isCopy()
        || !was.notNull()
        || now.oldSide().get(0).notNull()) {
      return;
    }
    if (change.notNull() != null) {
      statements.add(
          "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s"
              .formatted(table(), Identifiers.quote(change.notNull().constraint())));
    }
    alter(to, "DROP NOT NULL");
    exclusive();
  }

  /** What the old column has lost would reject on the new one what is right. */
  private void dropOrphans() {
    Set<String> expected = new HashSet<>();
    for (DependentObject attachment : change.attachments()) {
      expected.add(change.names().carried(attachment.kind() + attachment.definition()));
      if (attachment.counterpart() != null) {
        expected.add(attachment.counterpart());
      }
    }
    for (Carried carried : now.carried()) {
      if (expected.contains(carried.name())) {
        continue;
      }
      exclusive();
      if (carried.parent() != null) {
        locks.add(new TableLock(carried.parent(), TableLock.Mode.ACCESS_EXCLUSIVE));
      }
      statements.add(
          carried.constraint()
              ? "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s"
                  .formatted(table(), Identifiers.quote(carried.name()))
              : "DROP INDEX IF EXISTS "
                  + Identifiers.quote(change.table().schema(), carried.name()));
    }
  }

  /** An insert gives a side if it differs from its default, which the conditions name. */
  private void triggers() {
    if (change.byApplication()) {
      return;
    }
    conditions = before == null || !sameConditions(before);
    if (!conditions) {
      return;
    }
    if (locks.isEmpty()) {
      locks.add(new TableLock(table(), TableLock.Mode.SHARE_ROW_EXCLUSIVE));
    }
    List<ColumnFacts> newSide = new ArrayList<>();
    for (ColumnFacts column : change.newSide()) {
      ColumnFacts present = change.table().column(column.name()).orElse(column);
      newSide.add(
          (target == null || target.hasDefault(nowDefault(target.name())))
              ? column.withDefault(present.defaultExpression(), present.constantDefault())
              : column.withDefault(statement(target.defaultExpression()), true));
    }
    statements.addAll(TriggerSql.of(change.withNewSide(newSide)).onInsert());
  }

  private @Nullable String nowDefault(String name) {
    return now.newSide().stream()
        .filter(it -> it.name().equals(name))
        .map(Column::defaultExpression)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private boolean sameConditions(SideFacts other) {
    return named(other.oldSide(), true).equals(named(now.oldSide(), true))
        && named(other.newSide(), false).equals(named(facts().newSide(), false));
  }

  private static List<List<Object>> named(List<Column> side, boolean old) {
    return side.stream()
        .map(
            it ->
                List.<Object>of(
                    it.name(),
                    Objects.requireNonNullElse(it.defaultExpression(), ""),
                    old && it.notNull()))
        .toList();
  }

  private void alter(Column column, String what) {
    statements.add(
        "ALTER TABLE %s ALTER COLUMN %s %s"
            .formatted(table(), Identifiers.quote(column.name()), what));
  }

  private void exclusive() {
    locks.removeIf(it -> it.table().equals(table()));
    locks.add(new TableLock(table(), TableLock.Mode.ACCESS_EXCLUSIVE));
  }
}
