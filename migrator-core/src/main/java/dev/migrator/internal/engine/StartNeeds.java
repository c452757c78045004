package dev.migrator.internal.engine;

import dev.migrator.error.ErrorCode;
import dev.migrator.error.StepFailedException;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.plan.Decision;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.plan.Recorded;
import java.util.ArrayList;
import java.util.List;

/**
 * What a start waits for.
 *
 * @param declarations what this release declares
 * @param snapshots decides what is due
 */
record StartNeeds(Declarations declarations, Snapshots snapshots) {

  /**
   * What is not there yet, as far as the journal says.
   *
   * @throws StepFailedException if this release needs something that failed
   */
  List<Declaration> of(Snapshot snapshot) {
    List<Declaration> waiting = new ArrayList<>();
    for (Declaration declaration : declarations.all()) {
      Recorded recorded = declarations.recorded(declaration.id(), snapshot);
      if (declaration.mayServe(recorded)) {
        continue;
      }
      Decision decision = snapshots.decide(declaration.id(), snapshot);
      boolean mustHave = declaration.usesNewSide();
      if (isDue(decision) || mustHave) {
        refuseIfFailed(declaration, recorded, mustHave);
        waiting.add(declaration);
      }
    }
    return waiting;
  }

  private static void refuseIfFailed(Declaration declaration, Recorded recorded, boolean mustHave) {
    if (mustHave && recorded.failure() != null) {
      throw new StepFailedException(
          ErrorCode.NEEDED_STEP_FAILED,
          "%s: this release %s, which is not ready: %s"
              .formatted(declaration.where(), declaration.use(), recorded.failure()),
          null);
    }
  }

  static boolean isDue(Decision decision) {
    return decision instanceof Decision.Advance || decision instanceof Decision.ReleaseOld;
  }
}
