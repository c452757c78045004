package dev.migrator.internal.lease;

/** Another instance leads now. Nothing of the transaction at hand was committed. */
public final class LeaseLostException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  LeaseLostException() {
    super("another instance has taken the lease");
  }
}
