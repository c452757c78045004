package dev.migrator.internal.sql;

/** By what the current session finds names. */
public final class SearchPath {

  private final Database database;

  SearchPath(Database database) {
    this.database = database;
  }

  /** As the session has it now. */
  public String get() {
    return database.query("SHOW search_path", (rs, row) -> rs.getString(1)).get(0);
  }

  /** Sets it until the transaction ends. */
  public void set(String path) {
    set(path, true);
  }

  /**
   * Has the library's own statements find no name of the user's until the transaction ends.
   *
   * @param before by what the session found names: it does again behind the transaction, whatever
   *     somebody's SQL has set
   */
  public void pin(String before) {
    if (!get().equals(before)) {
      set(before, false);
    }
    set("pg_catalog");
  }

  private void set(String path, boolean local) {
    database
        .jdbc()
        .sql("SELECT pg_catalog.set_config('search_path', ?, ?)")
        .params(path, local)
        .query(String.class)
        .single();
  }
}
