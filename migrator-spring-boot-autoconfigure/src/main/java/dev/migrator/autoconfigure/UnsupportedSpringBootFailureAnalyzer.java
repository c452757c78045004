package dev.migrator.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says it in place of a stack. Uses nothing that Spring Boot 3 does not have. */
class UnsupportedSpringBootFailureAnalyzer
    extends AbstractFailureAnalyzer<UnsupportedSpringBootException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, UnsupportedSpringBootException cause) {
    return new FailureAnalysis(
        String.valueOf(cause.getMessage()),
        "Upgrade Spring Boot, or remove migrator-spring-boot-starter.",
        cause);
  }
}
