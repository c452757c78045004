package dev.migrator.status;

import dev.migrator.error.ErrorCode;

/**
 * Why a step does not run now.
 *
 * @param reason the kind of hold
 * @param message what is held and why, for a person
 * @param remedy what would release it
 */
public record Hold(Reason reason, String message, String remedy) {

  /** The kinds of hold. Later versions may add some. */
  public enum Reason {

    /** This release does not declare the next phase. */
    NOT_DECLARED(ErrorCode.HELD_NOT_DECLARED),

    /** CONTRACT waits for an operator's command. */
    CONTRACT_NOT_APPROVED(ErrorCode.HELD_CONTRACT_NOT_APPROVED),

    /** CONTRACT is switched off. */
    CONTRACT_OFF(ErrorCode.HELD_CONTRACT_OFF),

    /** Instances run whose release may still use the old side. */
    OLD_INSTANCES(ErrorCode.HELD_OLD_INSTANCES),

    /** Instances still read the old side. */
    READS_OLD_SIDE(ErrorCode.HELD_READS_OLD_SIDE),

    /** Instances read the new side, which is to be undone. */
    READS_NEW_SIDE(ErrorCode.HELD_READS_NEW_SIDE),

    /** Instances write only the new side, and the old side is to be restored. */
    WRITES_NEW_SIDE(ErrorCode.HELD_WRITES_NEW_SIDE),

    /** Instances map the old side, or have not reported yet what they map. */
    MAPPED(ErrorCode.HELD_MAPPED),

    /**
     * Sessions are there that no registered instance accounts for, such as those of a release
     * without this library.
     */
    UNREGISTERED_SESSIONS(ErrorCode.HELD_UNREGISTERED_SESSIONS),

    /** Functions of the database name what goes. */
    USED_BY_FUNCTION(ErrorCode.HELD_USED_BY_FUNCTION),

    /** The soak time since the last instance that needed the old side is not over. */
    SOAK(ErrorCode.HELD_SOAK),

    /** The retired column is kept until the retention time is over. */
    RETENTION(ErrorCode.HELD_RETENTION),

    /** An operator paused the migration. */
    PAUSED(ErrorCode.HELD_PAUSED),

    /** A step failed. */
    STEP_FAILED(ErrorCode.HELD_STEP_FAILED),

    /** Another migration of the same columns has to complete first. */
    OTHER_MIGRATION(ErrorCode.HELD_OTHER_MIGRATION),

    /** An operator undid a phase; the migration rests until an operator resumes it. */
    UNDONE(ErrorCode.HELD_UNDONE);

    private final ErrorCode code;

    Reason(ErrorCode code) {
      this.code = code;
    }

    /**
     * The stable code of this kind of hold.
     *
     * @return such as {@code MIG-6001}
     */
    public ErrorCode code() {
      return code;
    }
  }
}
