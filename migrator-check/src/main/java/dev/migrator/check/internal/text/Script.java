package dev.migrator.check.internal.text;

import dev.migrator.internal.file.Directives;
import dev.migrator.internal.file.FileProblem;
import dev.migrator.internal.file.FileSequence;
import dev.migrator.internal.file.SourceFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A file that was read, or a change set of one.
 *
 * @param path where it is
 * @param changeSet the change set; {@code null} if it is a file
 * @param pieces its statements
 * @param directives what it says of itself; {@code null} if that cannot be read
 * @param problems what is wrong with it as a whole
 */
public record Script(
    String path,
    @Nullable String changeSet,
    List<Piece> pieces,
    @Nullable Directives directives,
    List<Problem> problems) {

  /** What is longer is read up to here: no person writes more. */
  static final int MAX_BYTES = 64 * 1024 * 1024;

  /** What is wrong, and in which line. */
  public record Problem(Kind kind, int line, String message) {

    Problem(int line, String message) {
      this(Kind.UNREADABLE, line, message);
    }

    /** What kind of problem it is. */
    public enum Kind {

      /** It cannot be read. */
      UNREADABLE,

      /** It is read, and what it does cannot be found out. */
      NOT_UNDERSTOOD,

      /** Who would run it refuses it. */
      REFUSED,

      /** It is not tried, and no finding: there is nothing to fear of it, or it would not run. */
      LEFT_OUT
    }
  }

  /** One that cannot be read. */
  public static Script nothing(SourceFile file, String message) {
    return new Script(file.path(), null, List.of(), null, List.of(new Problem(1, message)));
  }

  /** Where it is, for people. */
  public String place() {
    return (changeSet == null) ? path : path + ", change set " + changeSet;
  }

  /** Reads a file. */
  public static Script of(SourceFile file, Map<String, String> placeholders, boolean lenient) {
    List<Problem> problems = new ArrayList<>();
    SourceFile bounded = file;
    if (file.content().length > MAX_BYTES) {
      problems.add(
          new Problem(
              1,
              "it has %,d bytes, of which the first %,d are looked at; load rows by COPY from a file of their own"
                  .formatted(file.content().length, MAX_BYTES)));
      bounded = new SourceFile(file.path(), cut(file.content()));
    }
    int binary = indexOfZero(bounded.content());
    if (binary >= 0) {
      return nothing(file, "byte %d is NUL: it is a binary file and no SQL".formatted(binary + 1));
    }
    String text;
    try {
      text = FileSequence.text(bounded, placeholders, lenient);
    } catch (FileProblem ex) {
      try {
        text = FileSequence.text(bounded, placeholders, true);
      } catch (FileProblem binaryText) {
        return nothing(file, binaryText.problem());
      }
      problems.add(new Problem(ex.line(), ex.problem()));
    }
    Directives directives = null;
    try {
      directives = Directives.of(file.path(), text);
    } catch (FileProblem ex) {
      problems.add(new Problem(ex.line(), ex.problem()));
    }
    return new Script(file.path(), null, Splitter.split(text), directives, problems);
  }

  /** Up to the end of a line, so that no character is cut. */
  private static byte[] cut(byte[] content) {
    int end = MAX_BYTES;
    while (end > 0 && content[end - 1] != '\n') {
      end--;
    }
    byte[] head = new byte[end];
    System.arraycopy(content, 0, head, 0, end);
    return head;
  }

  private static int indexOfZero(byte[] content) {
    for (int i = 0; i < content.length; i++) {
      if (content[i] == 0) {
        return i;
      }
    }
    return -1;
  }
}
