package dev.migrator.internal.engine.step;

import dev.migrator.internal.step.Step;

/**
 * Runs one kind of step.
 *
 * @param <S> the kind
 */
interface StepExecutor<S extends Step> {

  /**
   * Runs a step.
   *
   * @return whether it is done; not if told to end or to yield
   * @throws PreconditionChanged if its gate is closed
   * @throws VerificationFailed if the engine itself finds something wrong
   */
  boolean run(StepRun run, S step);
}
