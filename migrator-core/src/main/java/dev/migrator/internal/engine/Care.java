package dev.migrator.internal.engine;

/**
 * Whether it is looked at what triggers and copied objects are made from, see {@link TriggerCare}.
 */
enum Care {
  /** In any case, as something is to be made anew. */
  NEEDED,
  /** Before a phase. */
  BEFORE_PHASES,
  /** Not before this phase, as it was a moment ago, and nothing was to be made anew. */
  TAKEN;

  /**
   * That of the next phase of a migration.
   *
   * @param needed whether something is to be made anew
   * @param taken whether that was looked at a moment ago
   */
  static Care of(boolean needed, boolean taken) {
    if (needed) {
      return NEEDED;
    }
    return taken ? TAKEN : BEFORE_PHASES;
  }

  boolean isDue(boolean phaseIsNext) {
    return this == NEEDED || (this == BEFORE_PHASES && phaseIsNext);
  }
}
