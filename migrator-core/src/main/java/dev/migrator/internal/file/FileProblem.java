package dev.migrator.internal.file;

/** What is wrong with one file: where, what, and what to do. */
public final class FileProblem extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int line;

  FileProblem(String path, String message) {
    super(path + ": " + message);
    this.line = 1;
  }

  FileProblem(String path, int line, String message) {
    super("%s, line %d: %s".formatted(path, line, message));
    this.line = line;
  }

  /** The line that it is about, from 1; the first if it is about the file. */
  public int line() {
    return line;
  }
}
