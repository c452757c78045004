package dev.migrator.internal.backfill;

/** Told when rows have to be tried again because somebody blocks them. */
public interface Contention {

  /** Some rows could not be locked in time. */
  void met();

  /** Nobody blocks them any longer. */
  void over();
}
