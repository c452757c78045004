package dev.migrator.internal.engine.step;

import dev.migrator.internal.effect.Change;
import dev.migrator.internal.step.SqlFileStep;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** Whether what a SQL file changed may stay. Pure. */
public final class EffectVerdict {

  private static final int NAMED = 10;

  private EffectVerdict() {}

  /**
   * Why it may not.
   *
   * @param today until when an allowance counts
   * @param alone whether no other instance lives that could be hurt, for which it counts beyond its
   *     date
   * @return empty if it may
   */
  static Optional<String> refusal(
      SqlFileStep step, List<Change> changes, LocalDate today, BooleanSupplier alone) {
    if (step.mayRemove()) {
      return Optional.empty();
    }
    List<Change> taken =
        changes.stream()
            .filter(it -> it.kind().takesAway())
            .filter(it -> !isAllowed(step, it, today, alone))
            .toList();
    if (taken.isEmpty()) {
      return Optional.empty();
    }
    String instead =
        taken.stream()
            .map(it -> it.kind().instead())
            .distinct()
            .collect(Collectors.joining(", and "));
    return Optional.of(
        "%s: it takes away what a running release may use: %s. Say \"-- migrator: contract\" in its first line, and it waits until every live instance is of a release that has the file; never in one step with the release that still needs it. Or do it in phases by %s. If every release can do with it, say: -- migrator: allow %s \"why\" until %s"
            .formatted(
                step.path(),
                text(taken),
                instead,
                taken.get(0).kind().rule(),
                today.plusMonths(1)));
  }

  /**
   * An allowance ends for those that a removal could hurt. With nobody else there, as on a new
   * database, the history runs as it is.
   */
  private static boolean isAllowed(
      SqlFileStep step, Change change, LocalDate today, BooleanSupplier alone) {
    return step.allowances().stream()
        .filter(it -> it.coversHistory() || it.rule().equals(change.kind().rule()))
        .anyMatch(it -> !today.isAfter(it.until()) || alone.getAsBoolean());
  }

  /** As people read it. */
  public static String text(List<Change> changes) {
    String all = changes.stream().limit(NAMED).map(Change::text).collect(Collectors.joining("; "));
    int more = changes.size() - NAMED;
    return all + (more > 0 ? "; and %d more".formatted(more) : "");
  }
}
