package dev.migrator.internal.engine;

/** An operator's word came before the end of a step, which is rolled back. */
final class PreconditionChanged extends RuntimeException {

  private static final long serialVersionUID = 1L;

  PreconditionChanged() {
    super("an operator's word came first");
  }
}
