package dev.migrator.internal.step;

/** What the transaction that finishes a step records beside the step itself. */
public enum Effect {

  /** Nothing. */
  NONE,

  /** From now on a release may write the new side only, and none starts that reads the old one. */
  RELEASES_OLD_SIDE,

  /** From now on every release has to write the old side again. */
  RESTORES_OLD_SIDE,

  /** The retired columns are visible again, though not up to date. */
  UNRETIRES,

  /** Rows are counted anew from here. */
  RESTARTS_BACKFILL
}
