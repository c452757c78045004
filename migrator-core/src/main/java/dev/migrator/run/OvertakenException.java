package dev.migrator.run;

/** An operator's word came before the end of a step, which is rolled back. */
final class OvertakenException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  OvertakenException() {
    super("an operator's word came first");
  }
}
