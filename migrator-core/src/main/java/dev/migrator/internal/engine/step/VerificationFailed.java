package dev.migrator.internal.engine.step;

/** What the engine itself finds wrong in the middle of a step. */
public final class VerificationFailed extends RuntimeException {

  private static final long serialVersionUID = 1L;

  VerificationFailed(String message) {
    super(message);
  }
}
