package dev.migrator.internal.engine.step;

import dev.migrator.internal.step.AwaitWritersStep;
import java.time.Duration;

/** Waits for the transactions that have written to a table. */
final class AwaitWritersExecutor implements StepExecutor<AwaitWritersStep> {

  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

  private final ExecutionContext context;

  AwaitWritersExecutor(ExecutionContext context) {
    this.context = context;
  }

  @Override
  public boolean run(StepRun run, AwaitWritersStep step) {
    AwaitedWriters writers =
        context
            .database()
            .inTransaction(() -> new AwaitedWriters(context.blockers(), step.table()));
    BlockerReporter reporter = context.reporter(run, step, writers::inTheWay);
    while (true) {
      boolean gone =
          context
              .database()
              .inTransaction(
                  () -> {
                    context.lease().check();
                    context.requireNotHeld(run);
                    return writers.areGone();
                  });
      if (gone) {
        reporter.over();
        return context.finished(run.finish());
      }
      if (context.isToYield()) {
        return false;
      }
      reporter.met();
      context.signal().pause(LOOK_AGAIN);
    }
  }
}
