package dev.migrator.internal.backfill;

import java.util.List;

/** Rows whose value cannot be computed from the other side, or that break a constraint. */
public final class UncopiedRowsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private UncopiedRowsException(String table, List<String> first, long count, String consequence) {
    super(
        "%d rows of %s cannot be copied to the other side: %s%s; %s"
            .formatted(
                count,
                table,
                String.join(", ", first),
                count > first.size() ? ", …" : "",
                consequence));
  }

  /** All rows were tried. */
  static UncopiedRowsException of(String table, List<String> first, long count) {
    return new UncopiedRowsException(table, first, count, "all others are copied");
  }

  /** So many were bad that there is no point in going on. */
  static UncopiedRowsException givenUp(String table, List<String> first, long count) {
    return new UncopiedRowsException(
        table, first, count, "the backfill gave up, as the transform fails on so many");
  }
}
