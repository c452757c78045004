package dev.migrator.internal.engine;

import dev.migrator.Phase;
import dev.migrator.error.ErrorCode;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.internal.catalog.SideFacts;
import dev.migrator.internal.catalog.SideReader;
import dev.migrator.internal.engine.step.StepRun;
import dev.migrator.internal.engine.step.StepRunner;
import dev.migrator.internal.journal.Journal;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.operation.ResolvedMigration;
import dev.migrator.internal.operation.column.MadeAnew;
import dev.migrator.internal.operation.column.ResolvedColumnChange;
import dev.migrator.internal.plan.OldSide;
import dev.migrator.internal.plan.Recorded;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.ObjectNames;
import dev.migrator.internal.step.Step;
import dev.migrator.internal.step.TransactionStep;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether somebody has changed what the triggers and the copied objects of a change were made
 * from: a default, a comment, a setting, a constraint of the old column. It looks before each
 * phase, and from time to time by the background thread, and has the difference copied. Rows that
 * were written under conditions that were not right any longer are verified at once.
 */
final class ColumnCare {

  private static final Logger logger = LoggerFactory.getLogger(ColumnCare.class);

  private static final String ANEW = "make-anew";

  /** Behind all steps of a phase. */
  private static final int LAST = 1002;

  private final Database database;

  private final Journal journal;

  private final Declarations declarations;

  private final RetryingResolver resolver;

  private final StepRunner runner;

  private final VerificationAgain again;

  /**
   * What was made anew last, by operation. What the catalog says otherwise than it was told is not
   * told again and again.
   */
  private final Map<ObjectKey, SideFacts> tried = new ConcurrentHashMap<>();

  ColumnCare(
      Database database,
      Journal journal,
      Declarations declarations,
      RetryingResolver resolver,
      StepRunner runner,
      VerificationAgain again) {
    this.database = database;
    this.journal = journal;
    this.declarations = declarations;
    this.resolver = resolver;
    this.runner = runner;
    this.again = again;
  }

  /** Whether there is anything that has to be looked at from time to time. */
  boolean caresForAny(Snapshot snapshot) {
    return snapshot.records().values().stream().anyMatch(this::isCaredFor);
  }

  /** Those of which something is to be made anew. Asks the catalog only if something is copied. */
  Set<String> due(Snapshot snapshot) {
    List<Recorded> kept = snapshot.records().values().stream().filter(this::isCaredFor).toList();
    return kept.isEmpty()
        ? Set.of()
        : database.byCatalogPath(
            () ->
                database.readForEach(
                    kept.size(),
                    () ->
                        kept.stream()
                            .filter(it -> !outdated(it).isEmpty())
                            .map(Recorded::id)
                            .collect(Collectors.toSet())));
  }

  /**
   * Makes anew what is out of date.
   *
   * @return whether the change may go on; not if told to end or to yield
   */
  boolean keep(Recorded recorded) {
    if (!isCaredFor(recorded)) {
      return true;
    }
    Map<Integer, Made> outdated = database.read(() -> outdated(recorded));
    if (outdated.isEmpty()) {
      return true;
    }
    outdated.forEach((index, made) -> requireTypes(recorded, index, made.from()));
    ResolvedMigration resolved =
        resolver.resolve(declarations.get(recorded.id()), Phase.BACKFILL, false).orElse(null);
    if (resolved == null) {
      return false;
    }
    boolean verifies = false;
    for (Map.Entry<Integer, Made> one : outdated.entrySet()) {
      int index = one.getKey();
      if (!(resolved.operations().get(index) instanceof ResolvedColumnChange change)
          || change.facts() == null) {
        continue;
      }
      MadeAnew anew = MadeAnew.of(change, change.facts(), one.getValue().from());
      TransactionStep step = anew.step(ANEW + suffix(index), always(change.table().oid()));
      tried.put(new ObjectKey(recorded.id(), index), change.facts());
      if (!step.statements().isEmpty()) {
        logger.warn(
            "{}: columns{} were changed meanwhile; what was made from them is made anew: {}",
            recorded.id(),
            recorded.ofTable(),
            String.join("; ", step.statements()));
      }
      Runnable finish = anew.changesConditions() ? again.copyAgain(recorded) : () -> {};
      if (!runner.run(StepRun.of(recorded.id(), finish), step, LAST)) {
        return false;
      }
      verifies |= anew.changesConditions() && one.getValue().from() != null;
    }
    return !verifies || again.run(recorded, resolved, "verify-anew", LAST + 1);
  }

  /** Nothing says how the rows that are there came from one type to the other. */
  private void requireTypes(Recorded recorded, int index, @Nullable SideFacts from) {
    List<String> retyped =
        (from == null)
            ? List.of()
            : database.read(() -> from.retyped(now(recorded.id(), index, from)));
    if (!retyped.isEmpty()) {
      throw new InvalidMigrationException(
          ErrorCode.COLUMN_RETYPED,
          "%s: columns%s have another type than when both sides began to be kept in step: %s; give them that type again, or undo the change to EXPAND by UNDO and let it go on by RESUME, which copies all rows anew"
              .formatted(
                  declarations.get(recorded.id()).where(),
                  recorded.ofTable(),
                  String.join("; ", retyped)));
    }
  }

  private boolean isCaredFor(Recorded recorded) {
    return recorded.isKeptInStep()
        && recorded.oldSide() == OldSide.KEPT
        && declarations.contains(recorded.id());
  }

  /** The operations of which something was changed, by their places, with what was recorded. */
  private Map<Integer, Made> outdated(Recorded recorded) {
    Map<String, Step> steps = new HashMap<>();
    journal.steps().done(recorded.id(), Phase.DUAL_WRITE).forEach(it -> steps.put(it.name(), it));
    Map<Integer, Made> outdated = new HashMap<>();
    for (int i = 0; i < recorded.operations().size(); i++) {
      Made made = made(steps, suffix(i));
      if (made != null && !isUpToDate(recorded.id(), i, made)) {
        outdated.put(i, made);
      }
    }
    return outdated;
  }

  private static @Nullable Made made(Map<String, Step> steps, String suffix) {
    for (String name : List.of(ANEW, MadeAnew.KEEP_IN_STEP, MadeAnew.COPY_DEFAULT)) {
      Step step = steps.get(name + suffix);
      if (step != null) {
        return new Made(step.info().madeFrom());
      }
    }
    return null;
  }

  private boolean isUpToDate(String id, int index, Made made) {
    SideFacts from = made.from();
    if (from == null) {
      return tried.containsKey(new ObjectKey(id, index));
    }
    SideFacts now = now(id, index, from);
    return from.isLike(now) || now.equals(tried.get(new ObjectKey(id, index)));
  }

  private SideFacts now(String id, int index, SideFacts from) {
    return new SideReader(database)
        .read(
            from.table(),
            names(from.oldSide()),
            names(from.newSide()),
            ObjectNames.of(id, index).constraint(""));
  }

  private static List<String> names(List<SideFacts.Column> side) {
    return side.stream().map(SideFacts.Column::name).toList();
  }

  private List<String> always(long table) {
    return database.read(
        () ->
            database
                .jdbc()
                .sql(
                    "SELECT tgname::text FROM pg_trigger WHERE tgrelid = ?::oid AND tgenabled = 'A'")
                .param(table)
                .query(String.class)
                .list());
  }

  private static String suffix(int index) {
    return (index == 0) ? "" : "-" + (index + 1);
  }

  /** What one operation was made from; {@code null} if an earlier version did not record it. */
  private record Made(@Nullable SideFacts from) {}

  private record ObjectKey(String id, int operation) {}
}
