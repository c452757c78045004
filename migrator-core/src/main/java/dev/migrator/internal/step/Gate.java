package dev.migrator.internal.step;

/** What must hold in the transaction of a step, right before it changes anything. */
public enum Gate {

  /** Nothing beyond the lease. */
  NONE,

  /** No live instance needs the old side, and the contract is approved. */
  CONTRACT,

  /** Every live instance reads the new side, of a change that the application keeps in step. */
  RELEASE,

  /** No live instance writes the new side only. */
  RESTORE,

  /** The retention time is over: the step is recorded with the phase, and run later. */
  RETENTION
}
