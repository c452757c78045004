package dev.migrator.internal.sql;

/** Where the write-ahead log of the server is. */
public final class WalPosition {

  private WalPosition() {}

  /** Behind all that was committed up to now. */
  public static String now(Database database) {
    return database.read(
        () ->
            database
                .jdbc()
                .sql("SELECT pg_catalog.pg_current_wal_lsn()::text")
                .query(String.class)
                .single());
  }
}
