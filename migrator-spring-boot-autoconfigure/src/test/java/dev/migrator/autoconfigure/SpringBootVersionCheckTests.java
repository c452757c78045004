package dev.migrator.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.core.io.support.SpringFactoriesLoader;

class SpringBootVersionCheckTests {

  @ParameterizedTest
  @ValueSource(strings = {"3.5.7", "2.7.18", "3.0.0-SNAPSHOT"})
  void anOlderOneIsNamed(String version) {
    assertThatThrownBy(() -> SpringBootVersionCheck.check(version))
        .hasMessageContaining("migrator needs Spring Boot 4.0 or newer")
        .hasMessageContaining(version);
  }

  @Test
  void itIsASentenceAndNoStack() {
    FailureAnalysis analysis =
        new UnsupportedSpringBootFailureAnalyzer()
            .analyze(new UnsupportedSpringBootException("3.5.7"));
    assertThat(analysis.getDescription()).contains("this application runs on 3.5.7");
    assertThat(
            SpringFactoriesLoader.forDefaultResourceLocation()
                .load(FailureAnalyzer.class, (type, name, failure) -> {}))
        .hasAtLeastOneElementOfType(UnsupportedSpringBootFailureAnalyzer.class);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"4.0.0", "4.1.1", "5.0.0-M1", "unknown"})
  void others(String version) {
    assertThatCode(() -> SpringBootVersionCheck.check(version)).doesNotThrowAnyException();
  }

  @Test
  void isAsked() {
    assertThat(SpringFactoriesLoader.loadFactories(ApplicationContextInitializer.class, null))
        .hasAtLeastOneElementOfType(SpringBootVersionCheck.class);
  }
}
