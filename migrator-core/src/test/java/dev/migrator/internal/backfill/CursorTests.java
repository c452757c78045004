package dev.migrator.internal.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever the sizes of the ranges, every block is met by a pass that asks for no share. */
class CursorTests {

  @ParameterizedTest
  @CsvSource({"0, 1", "0, 255", "0, 256", "7, 5000", "4096, 8192", "1, 40000"})
  void everyBlockIsMetByALastPassOnceAndByEachShareBefore(long first, long end) {
    Random random = new Random(end);
    List<Long> met = new ArrayList<>();
    int[] shares = new int[(int) end];
    Cursor cursor = new Cursor(first, end, first, 0, first, Cursor.SHARES);
    long done = 0;
    while (!cursor.finished()) {
      long until = cursor.rangeEnd(1 + random.nextInt(3000));
      assertThat(until).isGreaterThan(cursor.next()).isLessThanOrEqualTo(end);
      for (long block = cursor.next(); block < until; block++) {
        if (cursor.share().of() == 1) {
          met.add(block);
        } else {
          assertThat(shares[(int) block]++).isEqualTo(cursor.share().number());
        }
      }
      assertThat(cursor.position().blocksDone()).isGreaterThanOrEqualTo(done);
      done = cursor.position().blocksDone();
      cursor = cursor.after(until);
    }
    assertThat(met).isEqualTo(LongStream.range(first, end).boxed().toList());
    assertThat(cursor.position().blocksDone()).isEqualTo(end - first);
  }

  /**
   * A worker of a version before may take over a chunk, and give it back. It has eight passes, and
   * takes the number that is recorded for one of them: with the eighth it ends a window.
   */
  @ParameterizedTest
  @CsvSource({"0, 255", "0, 256", "7, 5000", "1, 20000"})
  void everyBlockIsMetByALastPassAlsoWhereAnEarlierVersionTakesOver(long first, long end) {
    Random random = new Random(end);
    for (int life = 0; life < 200; life++) {
      List<Long> met = new ArrayList<>();
      Position at = new Position(first, 0, first, 0, false);
      boolean earlier = false;
      while (at.window() < end) {
        long blocks = 1 + random.nextInt(2000);
        earlier ^= random.nextInt(10) == 0;
        at = earlier ? earlier(at, end, blocks, met) : ours(first, at, end, blocks, met);
      }
      assertThat(met).isEqualTo(LongStream.range(first, end).boxed().toList());
    }
  }

  private static Position ours(long first, Position at, long end, long blocks, List<Long> met) {
    Chunk recorded = new Chunk(1, 1, 1, "t", "m", first, end, at.window(), at.pass(), at.next(), 0);
    Cursor cursor = Cursor.of(recorded, Cursor.SHARES);
    assertThat(cursor.position())
        .as("what is recorded is what is compared")
        .extracting(Position::window, Position::pass, Position::next)
        .containsExactly(at.window(), at.pass(), at.next());
    long until = cursor.rangeEnd(blocks);
    if (cursor.share().of() == 1) {
      LongStream.range(cursor.next(), until).forEach(met::add);
    }
    return cursor.after(until).position();
  }

  private static Position earlier(Position at, long end, long blocks, List<Long> met) {
    long windowEnd = Math.min(end, at.window() + 4096);
    long until = Math.min(windowEnd, at.next() + blocks);
    boolean last = at.pass() >= (windowEnd - at.window() < 256 ? 1 : 8) - 1;
    if (last) {
      LongStream.range(at.next(), until).forEach(met::add);
    }
    if (until < windowEnd) {
      return new Position(at.window(), at.pass(), until, 0, false);
    }
    return last
        ? new Position(windowEnd, 0, windowEnd, 0, windowEnd == end)
        : new Position(at.window(), at.pass() + 1, at.window(), 0, false);
  }

  @Test
  void aPassOverAWindowHasSeveralRanges() {
    Cursor cursor = new Cursor(0, 100_000, 0, 0, 0, Cursor.SHARES);
    assertThat(cursor.rangeEnd(65_536)).isBetween(Cursor.WINDOW / 8, Cursor.WINDOW / Cursor.RANGES);
    Cursor verification = new Cursor(0, 100_000, 0, 0, 0, 1);
    assertThat(verification.rangeEnd(65_536)).isEqualTo(Cursor.WINDOW);
  }

  /** A block that is left over would be a transaction of its own. */
  @ParameterizedTest
  @CsvSource({"256, 3", "1023, 3", "1024, 3", "2048, 3", "3072, 3", "4095, 4", "4096, 4"})
  void aPassHasNoRangeForARest(long blocks, int expected) {
    Cursor cursor = new Cursor(0, blocks, 0, 0, 0, Cursor.SHARES);
    int ranges = 0;
    while (cursor.pass() == 0) {
      cursor = cursor.after(cursor.rangeEnd(65_536));
      ranges++;
    }
    assertThat(ranges).isEqualTo(expected);
  }
}
