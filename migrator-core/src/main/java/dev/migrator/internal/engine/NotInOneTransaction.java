package dev.migrator.internal.engine;

/** A migration cannot go through its phases in one transaction; what was done is rolled back. */
final class NotInOneTransaction extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private NotInOneTransaction(String reason) {
    super(reason, null, false, false);
  }

  /** Goes on only if something holds. */
  static void unless(boolean condition, String reason) {
    if (!condition) {
      throw new NotInOneTransaction(reason);
    }
  }
}
