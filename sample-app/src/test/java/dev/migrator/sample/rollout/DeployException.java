package dev.migrator.sample.rollout;

/** The deploy cannot go on. */
final class DeployException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  DeployException(String message) {
    super(message);
  }
}
