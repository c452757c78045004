package dev.migrator.internal.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class JvmUptimeTests {

  private static final Instant NOW = Instant.parse("2026-11-28T10:00:00Z");

  /** Of a session it counts with ten seconds more or less. */
  private static final Duration ABOUT = Duration.ofSeconds(5);

  private static Duration ofTheJvm() {
    return Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
  }

  @Test
  void isThatOfTheProcess() {
    assertThat(JvmUptime.get()).isCloseTo(ofTheJvm(), ABOUT);
    assertThat(JvmUptime.of(NOW.minusSeconds(90), NOW)).isEqualTo(Duration.ofSeconds(90));
  }

  @Test
  void isThatOfTheJvmWhereTheProcessDoesNotTell() {
    assertThat(JvmUptime.of(null, NOW)).isPositive().isCloseTo(ofTheJvm(), ABOUT);
    assertThat(JvmUptime.of(NOW.plusSeconds(3600), NOW)).isPositive().isCloseTo(ofTheJvm(), ABOUT);
  }
}
