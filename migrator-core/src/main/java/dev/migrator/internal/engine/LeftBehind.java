package dev.migrator.internal.engine;

import dev.migrator.internal.operation.OperationFacts;
import dev.migrator.internal.plan.Recorded;
import dev.migrator.status.Hold;

/**
 * An unfinished change that a release does not declare: one from before it, or one that lost its
 * bean.
 */
final class LeftBehind {

  private LeftBehind() {}

  static Hold hold(Recorded recorded) {
    return new Hold(Hold.Reason.NOT_DECLARED, message(recorded), remedy(recorded));
  }

  static String message(Recorded recorded) {
    boolean triggers = recorded.operations().stream().anyMatch(OperationFacts::keepsInStep);
    return "this release does not declare the change%s, which is at %s and not finished; what it has made stays%s"
        .formatted(
            recorded.ofTable(),
            recorded.phase() == null ? "its beginning" : recorded.phase(),
            triggers
                ? ", also the triggers that keep %s in step".formatted(recorded.keptInStep())
                : "");
  }

  static String remedy(Recorded recorded) {
    return "deploy the release that declares it; if its bean was removed too early, put it back until the change is COMPLETED, or undo the change by UNDO";
  }
}
