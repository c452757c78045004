package dev.migrator.internal.file;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the directives of a text that comes in pieces, whatever its statements are. It keeps a line
 * only as long as it can be a comment.
 */
final class DirectiveLines {

  private static final Pattern DIRECTIVE = Pattern.compile("\\s*--\\s*migrator\\s*:(.*)");

  private final String path;

  private final Directives.Collector found;

  private final StringBuilder line = new StringBuilder();

  /** Of those with which the line begins. */
  private int dashes;

  private boolean statement;

  private boolean behindReturn;

  private boolean header = true;

  private int number = 1;

  DirectiveLines(String path) {
    this.path = path;
    this.found = new Directives.Collector(path);
  }

  /**
   * Goes on with a piece.
   *
   * @throws FileProblem if a line of it is not known, or stands behind a statement
   */
  void add(char[] piece, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = piece[i];
      boolean one = behindReturn && c == '\n';
      behindReturn = c == '\r';
      if (one) {
        continue;
      }
      if (c == '\n' || c == '\r') {
        endLine();
      } else if (!statement) {
        keep(c);
      }
    }
  }

  private void keep(char c) {
    boolean space = dashes == 0 && Character.isWhitespace(c);
    if (dashes < 2 && !space) {
      statement = c != '-';
      dashes++;
    }
    line.append(c);
  }

  private void endLine() {
    boolean comment = dashes == 2 && !statement;
    Matcher directive = DIRECTIVE.matcher(line);
    if (comment && directive.matches()) {
      if (!header) {
        throw new FileProblem(
            path,
            number,
            "a line \"-- migrator:\" counts only before the first statement; move it to the top");
      }
      found.take(number, directive.group(1).strip());
    }
    header &= comment || dashes == 0;
    number++;
    line.setLength(0);
    dashes = 0;
    statement = false;
  }

  /**
   * Ends the text.
   *
   * @throws FileProblem if its last line is not known, or stands behind a statement
   */
  Directives end() {
    endLine();
    return found.directives();
  }
}
