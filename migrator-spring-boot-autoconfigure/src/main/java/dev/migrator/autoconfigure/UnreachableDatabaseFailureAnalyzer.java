package dev.migrator.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains what to do where a release that declares migrations has no database. */
class UnreachableDatabaseFailureAnalyzer
    extends AbstractFailureAnalyzer<UnreachableDatabaseException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, UnreachableDatabaseException cause) {
    return new FailureAnalysis(
        String.valueOf(cause.getMessage()),
        "Start again when the database is there, and check the URL, user and password of the"
            + " DataSource. Nothing was changed. To start without migrations, as in tests without a"
            + " database, set migrator.enabled=false.",
        cause);
  }
}
