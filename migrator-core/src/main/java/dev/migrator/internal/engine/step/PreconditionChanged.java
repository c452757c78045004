package dev.migrator.internal.engine.step;

/** An operator's word came before the end of a step, which is rolled back. */
public final class PreconditionChanged extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public PreconditionChanged() {
    super("an operator's word came first");
  }
}
