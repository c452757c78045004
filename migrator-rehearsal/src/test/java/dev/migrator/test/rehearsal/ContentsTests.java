package dev.migrator.test.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.test.CatalogImage;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ContentsTests {

  private static Contents contents(String line, String digest) {
    return new Contents(
        new CatalogImage(new TreeSet<>(List.of("table t", line))), Map.of("t", digest));
  }

  @Test
  void catalogAndRowsAreCompared() {
    Contents one = contents("index a", "2 rows, digest 1");
    assertThat(one.differences(contents("index a", "2 rows, digest 1"))).isEmpty();
    assertThat(one.differences(contents("index b", "2 rows, digest 7")))
        .containsExactly(
            "- index a", "+ index b", "rows of t: 2 rows, digest 1, and 2 rows, digest 7");
  }
}
