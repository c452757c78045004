package dev.migrator.internal.file;

/** What is wrong with one file: where, what, and what to do. */
public final class FileProblem extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int line;

  private final String problem;

  FileProblem(String path, String problem) {
    super(path + ": " + problem);
    this.line = 1;
    this.problem = problem;
  }

  FileProblem(String path, int line, String problem) {
    super("%s, line %d: %s".formatted(path, line, problem));
    this.line = line;
    this.problem = problem;
  }

  /** What is wrong, for those who name the place themselves. */
  public String problem() {
    return problem;
  }

  /** The line that it is about, from 1; the first if it is about the file. */
  public int line() {
    return line;
  }
}
