package dev.migrator;

/** What an operator can say about one change. */
public enum OperatorCommand {

  /** Hold the long work after the range at hand. */
  PAUSE,

  /** Go on after {@link #PAUSE}. */
  RESUME,

  /** Try a failed step again, now. */
  RETRY,

  /** The old side may go: no instance that runs needs it any longer. */
  CONTRACT,

  /** Take the last phase that was begun back. See also {@link Migrator#undo}. */
  UNDO
}
