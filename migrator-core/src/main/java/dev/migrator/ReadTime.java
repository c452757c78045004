package dev.migrator;

/** From when on the code of a release reads the new side of a change. */
public enum ReadTime {

  /** From its start on; so it does not start to serve before both sides are verified. */
  AT_START,

  /** When {@link ReadSwitch} says so; so it serves at once. */
  AT_RUNTIME;

  /**
   * To be imported statically, for {@code switchRead(atRuntime())}.
   *
   * @return {@link #AT_RUNTIME}
   */
  public static ReadTime atRuntime() {
    return AT_RUNTIME;
  }
}
