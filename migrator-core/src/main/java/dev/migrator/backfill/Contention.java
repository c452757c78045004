package dev.migrator.backfill;

/** Told when a range has to be tried again because somebody was in its way. */
public interface Contention {

  /** A range did not get its rows in time and was rolled back. */
  void met();

  /** A range was done. */
  void over();
}
