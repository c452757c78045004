package dev.migrator.internal.backfill;

import java.util.ArrayList;
import java.util.List;

/**
 * How a table is divided into chunks. A pass over a window has several ranges however small the
 * window is, and what each costs beside its rows is as much as two hundred rows. So chunks are
 * large at first. Towards the end of the table they become smaller, so that several workers end at
 * about the same time.
 */
final class ChunkSizes {

  /** Fewer blocks than this are not worth the claim. The blocks of each chunk are a multiple. */
  private static final long FEWEST_BLOCKS = 1024;

  /** Of a very large table. */
  private static final long MOST_BLOCKS = 32 * 1024;

  /** More chunks than these would make the journal itself slow. */
  private static final long MOST_CHUNKS = 4096;

  /** Of a large table a chunk is one of so many parts, or less. */
  private static final long SHARES = 64;

  /** So many workers find a chunk of what is left. */
  private static final long SHARES_OF_REST = 4;

  private ChunkSizes() {}

  /** The first blocks of the chunks of a table of so many blocks, at least one. */
  static Long[] firsts(long table) {
    long most = Math.max(Cursor.WINDOW, Math.min(MOST_BLOCKS, table / SHARES));
    long least = Math.max(FEWEST_BLOCKS, table / MOST_CHUNKS);
    List<Long> firsts = new ArrayList<>();
    long first = 0;
    do {
      firsts.add(first);
      long share = Math.min(most, (table - first) / SHARES_OF_REST);
      first += rounded(Math.max(least, share));
    } while (first < table);
    return firsts.toArray(Long[]::new);
  }

  private static long rounded(long blocks) {
    return (blocks + FEWEST_BLOCKS - 1) / FEWEST_BLOCKS * FEWEST_BLOCKS;
  }
}
