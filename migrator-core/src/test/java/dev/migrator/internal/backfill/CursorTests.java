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

  @Test
  void aPassOverAWindowHasSeveralRanges() {
    Cursor cursor = new Cursor(0, 100_000, 0, 0, 0, Cursor.SHARES);
    assertThat(cursor.rangeEnd(65_536)).isEqualTo(Cursor.WINDOW / Cursor.RANGES);
    Cursor verification = new Cursor(0, 100_000, 0, 0, 0, 1);
    assertThat(verification.rangeEnd(65_536)).isEqualTo(Cursor.WINDOW);
  }
}
