package dev.migrator.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains how to give the migrations a {@code DataSource}. */
class NoMigratorDataSourceFailureAnalyzer
    extends AbstractFailureAnalyzer<NoMigratorDataSourceException> {

  private static final String DISABLE =
      " If this application should not run migrations, set migrator.enabled=false.";

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, NoMigratorDataSourceException cause) {
    return new FailureAnalysis(cause.getMessage(), action(cause) + DISABLE, cause);
  }

  private static String action(NoMigratorDataSourceException cause) {
    if (cause.candidates().isEmpty()) {
      return "Set spring.datasource.url, username and password to those of the PostgreSQL database,"
          + " or define a DataSource bean. If one should exist already, check whether"
          + " DataSourceAutoConfiguration is excluded.";
    }
    return "Mark the one that migrations should use with @MigratorDataSource, or one with @Primary.";
  }
}
