package dev.migrator.plan;

/**
 * The modes of table locks that PostgreSQL has, the weakest first.
 *
 * <pre>{@code
 * plan.steps().filter(it -> it.locks().stream().anyMatch(lock -> lock.mode().blocksReads()));
 * }</pre>
 */
public enum LockMode {

  /** That of a query. */
  ACCESS_SHARE,

  /** That of a query which locks rows. */
  ROW_SHARE,

  /** That of a statement which writes rows. */
  ROW_EXCLUSIVE,

  /** Keeps other changes of the table and VACUUM out, and nobody who reads or writes. */
  SHARE_UPDATE_EXCLUSIVE,

  /** Keeps writes out. */
  SHARE,

  /** Keeps writes out, and others of its kind. */
  SHARE_ROW_EXCLUSIVE,

  /** Keeps writes out, and queries that lock rows. */
  EXCLUSIVE,

  /** Keeps everybody out. */
  ACCESS_EXCLUSIVE;

  /**
   * Returns whether a query waits for it.
   *
   * @return only for {@link #ACCESS_EXCLUSIVE}
   */
  public boolean blocksReads() {
    return this == ACCESS_EXCLUSIVE;
  }

  /**
   * Returns whether a statement that writes rows waits for it.
   *
   * @return from {@link #SHARE} on
   */
  public boolean blocksWrites() {
    return compareTo(SHARE) >= 0;
  }

  /**
   * The mode as SQL writes it.
   *
   * @return such as {@code ACCESS EXCLUSIVE}
   */
  public String sql() {
    return name().replace('_', ' ');
  }
}
