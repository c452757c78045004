package dev.migrator.autoconfigure.hibernate;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what to declare where a mapping is ahead of the database. */
class MissingColumnsFailureAnalyzer extends AbstractFailureAnalyzer<MissingColumnsException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, MissingColumnsException cause) {
    return new FailureAnalysis(
        String.valueOf(cause.getMessage()),
        cause.action()
            + "\n\nThe release that serves at present goes on meanwhile. Otherwise correct the mapping.",
        cause);
  }
}
