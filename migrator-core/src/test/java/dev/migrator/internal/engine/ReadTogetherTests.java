package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReadTogetherTests {

  private final ReadTogether together = new ReadTogether();

  @Test
  void thoseBehindTheFirstAreReadWithIt() {
    together.ran("1", List.of("1", "2", "3"));
    assertThat(together.with("1")).containsExactlyInAnyOrder("1", "2", "3");
    assertThat(together.isRead("1")).isFalse();
    assertThat(together.isRead("2")).isTrue();
    assertThat(together.isRead("2")).as("a second time").isFalse();
  }

  /** One that is not asked for in a round is asked for in a later one, which knows more. */
  @Test
  void whatWasReadBeforeAllAreReadIsReadAgain() {
    together.ran("1", List.of("1", "2"));
    together.with("1");
    together.ran("3", List.of("3", "4"));
    together.clear();
    assertThat(together.isRead("2")).isFalse();
    assertThat(together.with("3")).containsExactly("3");
  }
}
