package dev.migrator.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ObjectNamesTests {

  @Test
  void partsOfAnIndexSayWhoseTheyAre() {
    assertThat(ObjectNames.part("by_n", "one", 7)).isEqualTo("one_by_n");
    assertThat(ObjectNames.part("~migrator_x", "one", 7)).isEqualTo("~migrator_x_7");
    assertThat(ObjectNames.part("i".repeat(31), "t".repeat(31), 7)).hasSize(63).doesNotEndWith("_");
  }

  /** PostgreSQL would cut them in silence, to one and the same. */
  @Test
  void longNamesStayApartWithinTheLimit() {
    List<String> names =
        List.of(
            ObjectNames.part("i".repeat(63), "t".repeat(63), 7),
            ObjectNames.part("j".repeat(63), "t".repeat(63), 7),
            ObjectNames.part("i".repeat(63), "t".repeat(62) + "u", 7),
            ObjectNames.part("i".repeat(63), "é".repeat(31), 7),
            ObjectNames.part("😀".repeat(15), "t" + "😀".repeat(15), 7));
    assertThat(names).doesNotHaveDuplicates();
    for (String name : names) {
      byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
      assertThat(bytes.length).as(name).isBetween(58, 63);
      assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo(name).doesNotContain("?");
    }
  }
}
