package dev.migrator;

/** Who keeps both sides of a change in step. */
public enum DualWrite {

  /** Triggers in the database, whichever side a release writes. */
  BY_TRIGGERS,

  /** The code of the releases: each writes both sides itself, in one transaction. */
  BY_APPLICATION;

  /**
   * To be imported statically, for {@code dualWrite("name", "full_name", byApplication())}.
   *
   * @return {@link #BY_APPLICATION}
   */
  public static DualWrite byApplication() {
    return BY_APPLICATION;
  }
}
