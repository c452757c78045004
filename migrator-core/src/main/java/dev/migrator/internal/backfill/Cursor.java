package dev.migrator.internal.backfill;

import dev.migrator.internal.sql.RangeSql.Share;

/**
 * Where the work on a chunk goes on. Its blocks are worked on window by window, and each window in
 * several passes, each of which copies a share of the rows.
 *
 * <p>Why several passes: the first one moves a sixteenth of the rows to other pages. When it is
 * committed, and nobody sees the old versions any longer, their room takes in the new versions of
 * the next sixteenth on the very page, which needs no new index entries, and so on. A table that is
 * copied in this way grows by a tenth instead of doubling, and in half of the time. The last pass
 * asks for no share: it copies every row that is left, whichever way the others went.
 *
 * <p>Why sixteen: each page lacks as much room as one share needs, and what its rows grow by, and
 * so many of them leave it. More shares move fewer rows, and read the pages more often, which costs
 * little. The leaves of an index have a tenth of room at first: with fewer entries to add than that
 * none is split.
 *
 * @param first the first block of the chunk
 * @param end the block behind its last one
 * @param window the first block of the window
 * @param pass which pass over the window
 * @param next the block at which the pass goes on
 * @param shares how many passes a window of ordinary size gets
 */
record Cursor(long first, long end, long window, int pass, long next, int shares) {

  /** 32 MB: small enough to stay in the cache from one pass to the next. */
  static final long WINDOW = 4096;

  /**
   * A pass over a window has at least so many ranges. What the first one freed can be used when
   * every transaction has ended that was open then, such as the range of another worker.
   */
  static final long RANGES = 3;

  /**
   * So many blocks at most, or the ranges of one worker would last too long for the room of another
   * one, whose window is smaller.
   */
  private static final long MOST_IN_PASS = 1024;

  static final int SHARES = 16;

  /** A table of 2 MB may double. */
  static final long SMALL = 256;

  /**
   * The last pass of versions before, with which they end a window. A worker of one may take over a
   * chunk in any pass, so that this is what our last one is recorded as. Those between the two are
   * recorded as numbers below zero. It finds no row to copy in such a pass, goes on to the next
   * number, and so makes all passes of its own behind it.
   */
  private static final int RECORDED_LAST = 7;

  static Cursor of(Chunk chunk, int shares) {
    int recorded = chunk.pass();
    int pass =
        (recorded == RECORDED_LAST)
            ? shares - 1
            : (recorded < 0) ? shares - 1 + recorded : recorded;
    return new Cursor(chunk.first(), chunk.end(), chunk.window(), pass, chunk.next(), shares);
  }

  boolean finished() {
    return window >= end;
  }

  /** The block behind the range that comes next, which may have so many. */
  long rangeEnd(long blocks) {
    return Math.min(windowEnd(), next + (passes() == 1 ? blocks : Math.min(blocks, mostInPass())));
  }

  boolean lastPass() {
    return pass >= passes() - 1;
  }

  /** Which rows of its blocks the next range is about. */
  Share share() {
    return lastPass() ? Share.ALL : new Share(pass, passes());
  }

  /** Where it goes on when the blocks before this one are done. */
  Cursor after(long block) {
    if (block < windowEnd()) {
      return new Cursor(first, end, window, pass, block, shares);
    }
    if (!lastPass()) {
      return new Cursor(first, end, window, pass + 1, window, shares);
    }
    return new Cursor(first, end, windowEnd(), 0, windowEnd(), shares);
  }

  Position position() {
    long done =
        finished() ? end - first : window - first + (pass * length() + next - window) / passes();
    return new Position(window, recordedPass(), next, done, finished());
  }

  private int recordedPass() {
    if (pass < RECORDED_LAST) {
      return pass;
    }
    return lastPass() ? RECORDED_LAST : pass - (shares - 1);
  }

  /** Rounded up: a block that is left over would be a transaction of its own. */
  private long mostInPass() {
    return Math.min(MOST_IN_PASS, (length() + RANGES - 1) / RANGES);
  }

  private long windowEnd() {
    return Math.min(end, window + WINDOW);
  }

  private long length() {
    return windowEnd() - window;
  }

  private int passes() {
    return length() < SMALL ? 1 : shares;
  }
}
