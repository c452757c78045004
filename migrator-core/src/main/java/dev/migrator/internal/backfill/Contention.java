package dev.migrator.internal.backfill;

/** Told when rows have to be tried again because somebody was in the way. */
public interface Contention {

  /** Some rows could not be had in time. */
  void met();

  /** Nobody is in the way. */
  void over();
}
