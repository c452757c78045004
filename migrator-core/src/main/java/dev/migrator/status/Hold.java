package dev.migrator.status;

/**
 * Why a step does not run now.
 *
 * @param reason the kind of hold
 * @param message what is held and why, for a person
 * @param remedy what would release it
 */
public record Hold(Reason reason, String message, String remedy) {

  /** The kinds of hold. */
  public enum Reason {

    /** This release's code is not ready for the next phase. */
    NOT_DECLARED,

    /** CONTRACT waits for an operator's word. */
    CONTRACT_NOT_APPROVED,

    /** CONTRACT is turned off. */
    CONTRACT_OFF,

    /** Instances run whose release may still use the old side. */
    OLD_INSTANCES,

    /** Instances have not turned their reads to the new side yet. */
    READS_OLD_SIDE,

    /** Instances read the new side, which is wished to be taken back. */
    READS_NEW_SIDE,

    /** Instances write the new side only, and the old one is wished back. */
    WRITES_NEW_SIDE,

    /** Instances map the old side, or have not told yet what they map. */
    MAPPED,

    /** The last instance that needed the old side has gone only now. */
    SOAK,

    /** The retired column is kept until the retention time is over. */
    RETENTION,

    /** An operator paused the change. */
    PAUSED,

    /** A step failed. */
    STEP_FAILED,

    /** Another change of the same columns has to be finished first. */
    OTHER_MIGRATION,

    /** An operator took the change back; it stays there until told to go on. */
    UNDONE
  }
}
