package dev.migrator.internal.engine;

import dev.migrator.Phase;
import dev.migrator.internal.backfill.ProgressStore;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.plan.Decision;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.plan.Recorded;
import dev.migrator.status.Hold;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sums up in the log: once at the start where everything stands, and once when everything that this
 * release declares is reached.
 */
final class Report {

  private static final Logger logger = LoggerFactory.getLogger(Report.class);

  private final Declarations declarations;

  private final Snapshots snapshots;

  private final ProgressStore progress;

  private boolean begun;

  private boolean reached;

  Report(Declarations declarations, Snapshots snapshots, ProgressStore progress) {
    this.declarations = declarations;
    this.snapshots = snapshots;
    this.progress = progress;
  }

  /** Tells what is new, if anything is. */
  synchronized void on(Snapshot snapshot) {
    boolean all = declarations.all().stream().allMatch(it -> isReached(it, snapshot));
    if (!begun) {
      begun = true;
      reached = all;
      logger.info("migrator: {}", summary(snapshot));
      snapshot.records().values().stream()
          .filter(it -> !declarations.ids().contains(it.id()) && it.isLeftBehind())
          .forEach(
              it ->
                  logger.warn(
                      "{}: {}; {}", it.id(), LeftBehind.message(it), LeftBehind.remedy(it)));
    } else if (all && !reached) {
      reached = true;
      logger.info("migrator: all is reached that this release declares");
    } else if (!all) {
      reached = false;
    }
  }

  private boolean isReached(Declaration declaration, Snapshot snapshot) {
    Recorded recorded = declarations.recorded(declaration.id(), snapshot);
    return recorded.completed()
        || snapshots.decide(declaration.id(), snapshot) instanceof Decision.Reached;
  }

  private String summary(Snapshot snapshot) {
    int number = declarations.all().size();
    if (number == 0) {
      return "this release declares no change; it is registered for those of others";
    }
    Map<String, Integer> states = new LinkedHashMap<>();
    List<String> held = new ArrayList<>();
    for (Declaration declaration : declarations.all()) {
      states.merge(state(declaration, snapshot, held), 1, Integer::sum);
    }
    String counts =
        states.entrySet().stream()
            .map(it -> it.getValue() + " " + it.getKey())
            .collect(Collectors.joining(", "));
    return "%d %s: %s%s"
        .formatted(
            number,
            number == 1 ? "change" : "changes",
            counts,
            held.isEmpty() ? "" : " (" + String.join("; ", held) + ")");
  }

  private String state(Declaration declaration, Snapshot snapshot, List<String> held) {
    String id = declaration.id();
    Recorded recorded = declarations.recorded(id, snapshot);
    if (recorded.completed()) {
      return "completed";
    }
    Decision decision = snapshots.decide(id, snapshot);
    if (decision instanceof Decision.Wait wait) {
      boolean failed = recorded.failure() != null;
      held.add(
          id
              + ": "
              + wait.holds().stream()
                  .map(Hold::reason)
                  .map(Enum::name)
                  .distinct()
                  .collect(Collectors.joining(", ")));
      return failed ? "failed" : "held";
    }
    if (decision instanceof Decision.Reached) {
      return "reached";
    }
    if (recorded.begun() == Phase.BACKFILL && recorded.phase() == Phase.DUAL_WRITE) {
      return "backfilling (%s)"
          .formatted(
              progress.read(id).map(it -> Math.round(it.share() * 100) + " %").orElse("0 %"));
    }
    return "to go on";
  }
}
