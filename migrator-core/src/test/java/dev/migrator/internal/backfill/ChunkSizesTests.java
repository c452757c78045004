package dev.migrator.internal.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkSizesTests {

  private static List<Long> sizes(long table) {
    Long[] firsts = ChunkSizes.firsts(table);
    assertThat(firsts[0]).isZero();
    List<Long> sizes = new ArrayList<>();
    for (int i = 0; i < firsts.length; i++) {
      sizes.add((i + 1 < firsts.length ? firsts[i + 1] : table) - firsts[i]);
    }
    return sizes;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 1023, 1024, 1025, 2048, 20_409, 262_144, 4_000_000, 300_000_000L})
  void chunksBecomeSmallerUntilTheTableEnds(long table) {
    List<Long> sizes = sizes(table);
    assertThat(sizes).isSortedAccordingTo(Collections.reverseOrder()).hasSizeLessThan(4200);
    assertThat(sizes).allMatch(it -> it > 0);
    assertThat(sizes.subList(0, sizes.size() - 1)).allMatch(it -> it % 1024 == 0);
  }

  /** What each of many workers does until one of them finds nothing more to claim. */
  @ParameterizedTest
  @CsvSource({"2, 20409", "3, 20409", "4, 20409", "2, 100000", "4, 100000", "4, 3000000"})
  void severalWorkersEndAtAboutTheSameTime(int workers, long table) {
    List<Long> done = new ArrayList<>(Collections.nCopies(workers, 0L));
    for (long size : sizes(table)) {
      Collections.sort(done);
      done.set(0, done.get(0) + size);
    }
    assertThat(Collections.max(done) - Collections.min(done)).isLessThanOrEqualTo(1024);
  }

  /** Or each of them would cost transactions of which each has few rows. */
  @ParameterizedTest
  @CsvSource({"20409, 9", "100000, 33", "300000, 80"})
  void aTableHasFewChunks(long table, int most) {
    assertThat(sizes(table)).hasSizeLessThanOrEqualTo(most);
  }
}
