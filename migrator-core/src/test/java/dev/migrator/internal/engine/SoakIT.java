package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * A fleet under everything at once, for a while: {@code -Dmigrator.soak.seconds=3600} lets it run
 * longer, {@code -Dmigrator.test.seed=…} draws the same acts again.
 */
class SoakIT {

  private static final Duration TIME =
      Duration.ofSeconds(Integer.getInteger("migrator.soak.seconds", 25));

  @Test
  void noAcknowledgedWriteIsLostAndNothingIsLeft() throws Exception {
    try (Soak soak = new Soak(FaultSample.SEED, false)) {
      soak.run(TIME);
      assertThat(soak.done().keySet()).as("or little was shown").hasSizeGreaterThan(4);
    } catch (Exception | AssertionError ex) {
      throw new AssertionError("-Dmigrator.test.seed=" + FaultSample.SEED, ex);
    }
  }

  /** One write that nobody has acknowledged is found. */
  @Test
  void aRogueWriterIsFound() {
    assertThatThrownBy(
            () -> {
              try (Soak soak = new Soak(FaultSample.SEED, true)) {
                soak.run(Duration.ofSeconds(3));
              }
            })
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("found");
  }
}
