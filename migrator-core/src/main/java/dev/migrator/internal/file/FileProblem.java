package dev.migrator.internal.file;

/** What is wrong with one file: where, what, and what to do. */
final class FileProblem extends RuntimeException {

  private static final long serialVersionUID = 1L;

  FileProblem(String path, String message) {
    super(path + ": " + message);
  }

  FileProblem(String path, int line, String message) {
    super("%s, line %d: %s".formatted(path, line, message));
  }
}
