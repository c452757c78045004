package dev.migrator.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.error.CommandRefusedException;
import dev.migrator.error.ErrorCode;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.error.MigratorException;
import dev.migrator.error.NotReadyException;
import dev.migrator.error.StepFailedException;
import dev.migrator.error.UnsupportedDatabaseException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.mock.env.MockEnvironment;

class MigratorFailureAnalyzerTests {

  private final ApplicationContextRunner contextRunner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(MigratorAutoConfiguration.class));

  static Stream<Arguments> errors() {
    return Stream.of(
        Arguments.of(
            new InvalidMigrationException(ErrorCode.ID_TAKEN, "what"), "Correct the declaration"),
        Arguments.of(
            new UnsupportedDatabaseException(ErrorCode.ID_TAKEN, "what", null),
            "@MigratorDataSource"),
        Arguments.of(new StepFailedException(ErrorCode.ID_TAKEN, "what", null), "start again"),
        Arguments.of(new NotReadyException(ErrorCode.ID_TAKEN, "what"), "migrator.startup-limit"));
  }

  @ParameterizedTest
  @MethodSource("errors")
  void anErrorAtTheStartHasAWayOut(MigratorException error, String wayOut) {
    contextRunner
        .withBean(Migrator.class, () -> new FakeMigrator().failing(error))
        .run(
            context -> {
              assertThat(context).hasFailed();
              FailureAnalysis analysis = analyze(context.getStartupFailure());
              assertThat(analysis.getDescription()).isEqualTo("MIG-1003: what");
              assertThat(analysis.getAction()).contains(wayOut);
              assertThat(analysis.getCause()).isSameAs(error);
            });
  }

  @Test
  void anErrorInADeclarationNamesTheBean() {
    contextRunner
        .withUserConfiguration(EmptyId.class)
        .run(
            context -> {
              assertThat(context).hasFailed();
              FailureAnalysis analysis = analyze(context.getStartupFailure());
              assertThat(analysis.getDescription())
                  .startsWith("The bean 'usersFullName' declares a migration that is not valid: ")
                  .contains("MIG-1002: a migration has an empty id");
            });
  }

  @Test
  void aRefusedCommandIsNoReasonForTheStartToFail() {
    assertThat(
            new MigratorFailureAnalyzer(new MockEnvironment())
                .analyze(new CommandRefusedException(ErrorCode.ID_TAKEN, "no")))
        .isNull();
  }

  private static FailureAnalysis analyze(Throwable failure) {
    return new MigratorFailureAnalyzer(new MockEnvironment()).analyze(failure);
  }

  @Configuration(proxyBeanMethods = false)
  static class EmptyId {

    @Bean
    Migration usersFullName() {
      return Migration.define("").table("users").renameColumn("name", "full_name");
    }
  }
}
