package dev.migrator.run;

/** What the engine itself finds wrong in the middle of a step. */
final class Unprovable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  Unprovable(String message) {
    super(message);
  }
}
