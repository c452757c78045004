package dev.migrator.internal.backfill;

/** Asked between ranges whether to end. */
@FunctionalInterface
public interface Interruption {

  /** Whether the work is to end after the range at hand, because this instance stops. */
  boolean isRequested();
}
