package dev.migrator.backfill;

import java.util.List;

/** Rows whose value cannot be computed from the other side, or that break a constraint. */
public final class UncarriedRowsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UncarriedRowsException(String table, List<String> first, long count) {
    super(
        "%d rows of %s cannot be carried to the other side: %s%s; all others are"
            .formatted(count, table, String.join(", ", first), count > first.size() ? ", …" : ""));
  }
}
