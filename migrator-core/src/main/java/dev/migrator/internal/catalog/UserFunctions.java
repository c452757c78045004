package dev.migrator.internal.catalog;

/** Which functions are of those that use the database, and not of the server. */
public final class UserFunctions {

  /**
   * Their numbers begin here: the server gives its own lower ones, and lets nobody move those to
   * another schema. There are thousands of these, which so need not be read.
   */
  public static final int FIRST = 16384;

  /**
   * Those whose text can be read, and that are not ours; a condition on the function {@code p}, its
   * schema {@code n} and its language {@code l}.
   */
  static final String READABLE =
      """
      p.oid >= %d AND l.lanname NOT IN ('c', 'internal')
                      AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'migrator')"""
          .formatted(FIRST);

  private UserFunctions() {}
}
