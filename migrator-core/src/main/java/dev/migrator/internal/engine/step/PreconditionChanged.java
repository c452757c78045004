package dev.migrator.internal.engine.step;

/** What a step relies on changed before its end; it is rolled back. */
public final class PreconditionChanged extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public PreconditionChanged() {
    super("what the step relies on changed");
  }
}
