package dev.migrator.backfill;

import java.util.List;

/** Rows whose value cannot be computed from the other side, or that break a constraint. */
public final class UncarriedRowsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private static final int NAMED = 20;

  UncarriedRowsException(String table, List<String> rows) {
    super(
        "%d rows of %s cannot be carried to the other side: %s%s; there may be more behind them"
            .formatted(
                rows.size(),
                table,
                String.join(", ", rows.subList(0, Math.min(NAMED, rows.size()))),
                rows.size() > NAMED ? ", …" : ""));
  }
}
