package dev.migrator.internal.sql;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
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

  private static final String QUOTES = "quote_all_identifiers";

  private static final String PATH = "search_path";

  private static final String ISOLATION = "default_transaction_isolation";

  /** Since PostgreSQL 17. */
  private static final String LIMIT = "transaction_timeout";

  private final JdbcTemplate template;

  private volatile @Nullable String statements;

  private volatile boolean pins;

  private volatile boolean strict;

  TransactionDefaults(JdbcTemplate template) {
    this.template = template;
  }

  /**
   * Whether also a single statement needs a transaction with other settings: the path of the
   * session names other schemas before the server's own, or the server would refuse what meets the
   * write of another at that moment.
   */
  boolean overrides() {
    return pins || strict;
  }

  /** Learns what the session has. */
  void know(String path, String isolation) {
    pins = path.contains("pg_catalog") && !path.strip().startsWith("pg_catalog");
    strict = isolation.equals("repeatable read") || isolation.equals("serializable");
  }

  /** To be called first in a transaction, before any query. */
  void override() {
    String known = statements;
    if (known != null) {
      template.execute(known);
      return;
    }
    template.execute(ALWAYS);
    String others = others(settings());
    if (!others.isEmpty()) {
      template.execute(others);
    }
    statements = ALWAYS + others;
  }

  /** What differs from the server's own defaults, with a separator before each statement. */
  private String others(Map<String, String> session) {
    StringBuilder all = new StringBuilder();
    if (session.getOrDefault(QUOTES, "").equals("on")) {
      // Definitions are compared as the server writes them.
      all.append("; SET LOCAL quote_all_identifiers = off");
    }
    String path = session.getOrDefault(PATH, "");
    know(path, session.getOrDefault(ISOLATION, ""));
    if (pins) {
      // Else what others have made in a schema before it takes the place of the server's own.
      all.append("; SET LOCAL search_path = pg_catalog, ").append(path);
    }
    if (!session.getOrDefault(LIMIT, "0").equals("0")) {
      all.append("; SET LOCAL transaction_timeout = 0");
    }
    return all.append(ExpressionSettings.ofTransaction(session)).toString();
  }

  /** What the session has, as text; zero of a limit that the server does not know. */
  private Map<String, String> settings() {
    List<String> names = new ArrayList<>(List.of(QUOTES, PATH, ISOLATION, LIMIT));
    names.addAll(ExpressionSettings.names());
    String columns =
        names.stream()
            .map(it -> "coalesce(pg_catalog.current_setting('%s', true), '0')".formatted(it))
            .collect(Collectors.joining(", "));
    Map<String, String> found = new HashMap<>();
    template.query(
        "SELECT " + columns,
        rs -> {
          for (int i = 0; i < names.size(); i++) {
            found.put(names.get(i), rs.getString(i + 1));
          }
        });
    return found;
  }
}
