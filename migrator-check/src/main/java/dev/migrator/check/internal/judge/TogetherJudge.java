package dev.migrator.check.internal.judge;

import dev.migrator.check.Level;
import dev.migrator.check.Rule;
import dev.migrator.check.internal.effect.Effect;
import dev.migrator.check.internal.effect.Touch;
import dev.migrator.check.internal.read.Parsed;
import dev.migrator.check.internal.read.StatementKind;
import dev.migrator.plan.LockMode;
import dev.migrator.plan.Work;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What statements of one transaction do together: each keeps its locks until the end, so what runs
 * behind it runs under them.
 */
public final class TogetherJudge {

  private final Map<String, Held> held = new LinkedHashMap<>();

  private boolean saidWide;

  /** A lock that is kept, and since which line. */
  private record Held(LockMode lock, int line) {}

  /** Looks at the next statement. */
  public List<Draft> next(Parsed parsed, Effect effect, int line) {
    List<Draft> drafts = new ArrayList<>();
    for (Touch it : effect.touched()) {
      Held before = held.get(it.table());
      if (it.known() && before != null && !it.lock().blocksWrites() && it.work() != Work.NOTHING) {
        boolean reads = before.lock().blocksReads();
        Touch under =
            new Touch(
                it.table(),
                it.role(),
                before.lock(),
                false,
                it.work(),
                it.built(),
                true,
                it.partitioned());
        drafts.add(
            Draft.of(
                reads ? Rule.SCAN_UNDER_EXCLUSIVE : Rule.WRITE_BLOCK,
                Level.ERROR,
                under,
                it.work(),
                "all rows of %s are read while line %d still holds %s"
                    .formatted(it.table(), before.line(), before.lock().sql()),
                reads ? "reads and writes wait for it" : "writes wait for it",
                List.of("put this statement into a file of its own, with \"-- migrator: long\"")));
      }
    }
    boolean changesRows =
        switch (parsed.kind()) {
          case UPDATE, DELETE, MERGE -> true;
          default -> false;
        };
    boolean ofKnown = effect.touched().stream().anyMatch(Touch::known);
    held.entrySet().stream()
        .filter(it -> changesRows && ofKnown && it.getValue().lock().blocksReads())
        .limit(1)
        .forEach(
            it ->
                drafts.add(
                    Draft.of(
                        Rule.LOCK_QUEUE,
                        Level.ERROR,
                        "rows are changed while line %d still holds ACCESS EXCLUSIVE on %s"
                            .formatted(it.getValue().line(), it.getKey()),
                        "reads and writes of %s wait for it".formatted(it.getKey()),
                        List.of("put it into a file of its own"))));
    note(parsed, effect, line, drafts);
    return drafts;
  }

  private void note(Parsed parsed, Effect effect, int line, List<Draft> drafts) {
    if (parsed.kind() == StatementKind.REFRESH_CONCURRENTLY) {
      return;
    }
    for (Touch it : effect.touched()) {
      boolean blocks = it.known() && it.lock().blocksWrites();
      if (!blocks) {
        continue;
      }
      boolean more = !held.isEmpty() && !held.containsKey(it.table());
      if (more && it.role() == Touch.Role.TARGET && !saidWide) {
        saidWide = true;
        Map.Entry<String, Held> first = held.entrySet().iterator().next();
        drafts.add(
            Draft.of(
                Rule.LOCK_QUEUE,
                Level.WARN,
                it,
                Work.NOTHING,
                "%s is locked while line %d still holds %s on %s"
                    .formatted(
                        it.table(),
                        first.getValue().line(),
                        first.getValue().lock().sql(),
                        first.getKey()),
                "two transactions of the application can wait for them in a circle",
                List.of("use a file for each table")));
      }
    }
    for (Touch it : effect.touched()) {
      if (it.known() && it.lock().blocksWrites()) {
        held.merge(
            it.table(),
            new Held(it.lock(), line),
            (old, now) -> old.lock().compareTo(now.lock()) >= 0 ? old : now);
      }
    }
  }
}
