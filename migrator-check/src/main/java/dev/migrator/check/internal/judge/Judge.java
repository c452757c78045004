package dev.migrator.check.internal.judge;

import dev.migrator.check.Level;
import dev.migrator.check.Rule;
import dev.migrator.check.internal.effect.Effect;
import dev.migrator.check.internal.effect.Touch;
import dev.migrator.check.internal.effect.Touch.Role;
import dev.migrator.check.internal.read.Action;
import dev.migrator.check.internal.read.ActionKind;
import dev.migrator.check.internal.read.Parsed;
import dev.migrator.check.internal.read.Parsed.Mark;
import dev.migrator.check.internal.read.StatementKind;
import dev.migrator.plan.LockMode;
import dev.migrator.plan.Work;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** What of all that one statement does is unsafe beside a running application. */
public final class Judge {

  private static final List<Work> ORDER =
      List.of(Work.NOTHING, Work.SCAN, Work.BUILD, Work.REWRITE);

  private final Parsed parsed;

  private final Effect effect;

  private final int version;

  private final List<Draft> drafts = new ArrayList<>();

  private Judge(Parsed parsed, Effect effect, int version) {
    this.parsed = parsed;
    this.effect = effect;
    this.version = version;
  }

  /**
   * Judges a statement.
   *
   * @param contract whether its file waits until no release needs what it takes away
   */
  public static List<Draft> of(Parsed parsed, Effect effect, boolean contract, int version) {
    Judge judge = new Judge(parsed, effect, version);
    if (effect.failure() != null) {
      judge.drafts.add(Failures.of(parsed, effect.failure(), version));
      return judge.drafts;
    }
    judge.locks();
    judge.others();
    judge.drafts.addAll(Removals.of(parsed, effect, contract, version));
    judge.rows();
    judge.drafts.addAll(Style.of(parsed));
    if (effect.unsure() != null && judge.drafts.isEmpty()) {
      judge.drafts.add(
          Draft.of(Rule.NOT_UNDERSTOOD, Level.WARN, effect.unsure(), "", judge.safe()));
    }
    return judge.drafts;
  }

  private List<String> safe() {
    return Remedies.of(parsed, isPartitioned(effect), version);
  }

  static boolean isPartitioned(Effect effect) {
    return effect.touched().stream().anyMatch(it -> it.role() == Role.TARGET && it.partitioned());
  }

  private static boolean blocks(Touch it) {
    return it.known() && (it.lock().blocksWrites() || it.indexesLocked());
  }

  /** What is done to the tables that the statement is about, while others wait. */
  private void locks() {
    List<Touch> blocking =
        effect.touched().stream()
            .filter(Judge::blocks)
            .filter(it -> it.role() != Role.OTHER || ORDER.indexOf(it.work()) > 0)
            .sorted(Comparator.comparing((Touch it) -> -ORDER.indexOf(it.work())))
            .toList();
    if (blocking.isEmpty() || parsed.kind() == StatementKind.REFRESH_CONCURRENTLY) {
      return;
    }
    Touch worst = blocking.get(0);
    String table = worst.table();
    long more = blocking.stream().filter(it -> it.work() == worst.work()).count() - 1;
    String also = (more > 0) ? " and %d more".formatted(more) : "";
    String lock = worst.lock().sql();
    switch (worst.work()) {
      case REWRITE ->
          add(
              Rule.TABLE_REWRITE,
              Level.ERROR,
              worst,
              "all rows of %s%s are written anew under %s".formatted(table, also, lock));
      case BUILD ->
          add(
              Rule.INDEX_BUILD_BLOCKING,
              Level.ERROR,
              worst,
              "an index of %s%s is built under %s".formatted(table, also, lock));
      case SCAN ->
          add(
              worst.blocksReads() ? Rule.SCAN_UNDER_EXCLUSIVE : Rule.WRITE_BLOCK,
              Level.ERROR,
              worst,
              "all rows of %s%s are read under %s".formatted(table, also, lock));
      case UNKNOWN, COPY -> {
        if (effect.unsure() != null) {
          add(
              Rule.NOT_UNDERSTOOD,
              Level.WARN,
              worst,
              "%s is locked by %s, and %s".formatted(table, lock, effect.unsure()));
        }
      }
      case NOTHING -> moment(worst);
    }
  }

  private void add(Rule rule, Level level, Touch touch, String message) {
    drafts.add(Draft.of(rule, level, touch, touch.work(), message, waiting(touch), safe()));
  }

  private static String waiting(Touch touch) {
    return touch.blocksReads()
        ? "reads and writes of %s wait for it".formatted(touch.table())
        : "writes of %s wait for it".formatted(touch.table());
  }

  /** What holds a lock for a moment only, and could do without. */
  private void moment(Touch it) {
    String table = it.table();
    boolean trigger =
        parsed.kind() == StatementKind.CREATE_TRIGGER || parsed.does(ActionKind.TRIGGERS);
    boolean optional =
        parsed.has(Mark.OPTIONAL) || parsed.actions().stream().anyMatch(Action::optional);
    if (parsed.kind() == StatementKind.DROP_INDEX || parsed.does(ActionKind.DETACH_PARTITION)) {
      add(
          Rule.CONCURRENT_MISUSE,
          Level.WARN,
          it,
          "without CONCURRENTLY it locks %s by %s".formatted(table, it.lock().sql()));
    } else if (parsed.kind() == StatementKind.LOCK_TABLE) {
      add(
          Rule.LOCK_QUEUE,
          Level.WARN,
          it,
          "%s stays locked by %s until the end of the file".formatted(table, it.lock().sql()));
    } else if (trigger) {
      add(Rule.WRITE_BLOCK, Level.WARN, it, "%s is locked by %s".formatted(table, it.lock().sql()));
    } else if (optional && effect.measured() && effect.changes().isEmpty()) {
      drafts.add(
          Draft.of(
              Rule.LOCK_QUEUE,
              Level.WARN,
              it,
              Work.NOTHING,
              "it changes nothing, and takes %s on %s all the same"
                  .formatted(it.lock().sql(), table),
              waiting(it),
              List.of("leave it out, or ask the catalog first in a DO block")));
    }
  }

  /** Tables that are locked with it. */
  private void others() {
    List<Touch> locked =
        effect.touched().stream()
            .filter(it -> it.role() == Role.OTHER && blocks(it) && it.work() == Work.NOTHING)
            .toList();
    List<Touch> exclusive =
        locked.stream().filter(it -> it.lock() == LockMode.ACCESS_EXCLUSIVE).toList();
    boolean column =
        parsed.actions().stream()
            .anyMatch(it -> it.kind() == ActionKind.ADD_COLUMN && it.references() != null);
    List<Touch> said = !exclusive.isEmpty() ? exclusive : column ? locked : List.of();
    if (!said.isEmpty()) {
      add(
          Rule.PARENT_LOCK,
          Level.WARN,
          said.get(0),
          "%s is locked by %s as well".formatted(names(said), said.get(0).lock().sql()));
    } else if (locked.size() > 1) {
      add(
          Rule.LOCK_QUEUE,
          Level.WARN,
          locked.get(0),
          "%s are locked together, for which transactions of the application can wait in a circle; add one foreign key at a time"
              .formatted(names(locked)));
    }
  }

  private static String names(List<Touch> tables) {
    return tables.stream().map(Touch::table).collect(Collectors.joining(", "));
  }

  /** What it does to rows. */
  private void rows() {
    List<Touch> known = effect.touched().stream().filter(Touch::known).toList();
    drafts.addAll(RowChanges.of(parsed, effect));
    switch (parsed.kind()) {
      case TRUNCATE ->
          known.stream()
              .limit(1)
              .forEach(
                  it ->
                      drafts.add(
                          Draft.of(
                              Rule.DATA_LOSS,
                              Level.ERROR,
                              it,
                              Work.NOTHING,
                              "all rows of %s are gone".formatted(names(known)),
                              waiting(it),
                              safe())));
      case DROP_DATABASE, DROP_OWNED ->
          drafts.add(
              Draft.of(Rule.DATA_LOSS, Level.ERROR, "everything in it is gone", "", List.of()));
      case DROP_SCHEMA -> {
        if (parsed.has(Mark.CASCADE)) {
          drafts.add(
              Draft.of(
                  Rule.DATA_LOSS,
                  Level.ERROR,
                  "everything in the schema is gone",
                  "",
                  List.of("drop its tables one by one")));
        }
      }
      case CREATE_INDEX_CONCURRENTLY -> {
        if (parsed.has(Mark.OPTIONAL)) {
          drafts.add(
              Draft.of(
                  Rule.CONCURRENT_MISUSE,
                  Level.WARN,
                  "IF NOT EXISTS passes where an earlier attempt has left an INVALID index of that name",
                  "a unique one is not enforced then, and none is used",
                  safe()));
        }
      }
      default -> {}
    }
  }
}
