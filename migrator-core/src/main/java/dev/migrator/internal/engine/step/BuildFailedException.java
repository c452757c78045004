package dev.migrator.internal.engine.step;

import org.springframework.dao.DataAccessException;

/** The build of an index that failed while it read rows, so that its message can contain values. */
final class BuildFailedException extends DataAccessException {

  private static final long serialVersionUID = 1L;

  BuildFailedException(DataAccessException cause) {
    super("the build of an index failed", cause);
  }
}
