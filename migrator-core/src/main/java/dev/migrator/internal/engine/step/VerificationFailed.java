package dev.migrator.internal.engine.step;

import dev.migrator.error.ErrorCode;

/** What the engine itself finds wrong in the middle of a step. */
public final class VerificationFailed extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  public VerificationFailed(ErrorCode code, String message) {
    super(message);
    this.code = code;
  }

  ErrorCode code() {
    return code;
  }
}
