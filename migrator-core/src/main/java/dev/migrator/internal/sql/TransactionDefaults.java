package dev.migrator.internal.sql;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Overrides what a database, a role or a pool may set for all transactions, and what a transaction
 * of the engine cannot work with.
 *
 * <p>A statement must see what was committed while the transaction waited for a lock: the lease and
 * the contract gate rely on it, hence READ COMMITTED. If an instance freezes in a transaction, also
 * in the one that takes the lease, the server ends it: its locks would block all others until it
 * wakes up.
 */
final class TransactionDefaults {

  private static final String ALWAYS =
      "SET TRANSACTION ISOLATION LEVEL READ COMMITTED;"
          + " SET LOCAL idle_in_transaction_session_timeout = '5s'";

  private final JdbcTemplate template;

  private volatile @Nullable String statements;

  private volatile boolean pins;

  TransactionDefaults(JdbcTemplate template) {
    this.template = template;
  }

  /**
   * Whether the path of the session names other schemas before the server's own, so that a
   * statement needs a transaction with another path.
   */
  boolean pins() {
    return pins;
  }

  /** Learns the path of the session. */
  void know(String path) {
    pins = path.contains("pg_catalog") && !path.strip().startsWith("pg_catalog");
  }

  /** To be called first in a transaction, before any query. */
  void override() {
    String known = statements;
    if (known == null) {
      known = statements();
      statements = known;
    }
    template.execute(known);
  }

  /** What differs from the server's own defaults. */
  private String statements() {
    StringBuilder all = new StringBuilder(ALWAYS);
    if (show("quote_all_identifiers").equals("on")) {
      // Definitions are compared as the server writes them.
      all.append("; SET LOCAL quote_all_identifiers = off");
    }
    String path = show("search_path");
    know(path);
    if (pins) {
      // Else what others have made in a schema before it takes the place of the server's own.
      all.append("; SET LOCAL search_path = pg_catalog, ").append(path);
    }
    if (serverVersion() >= 170_000 && !show("transaction_timeout").equals("0")) {
      all.append("; SET LOCAL transaction_timeout = 0");
    }
    all.append(ExpressionSettings.ofTransaction(this::show));
    return all.toString();
  }

  private int serverVersion() {
    return Integer.parseInt(show("server_version_num"));
  }

  private String show(String setting) {
    return String.valueOf(template.queryForObject("SHOW " + setting, String.class));
  }
}
