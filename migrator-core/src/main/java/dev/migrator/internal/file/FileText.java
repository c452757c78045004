package dev.migrator.internal.file;

import dev.migrator.internal.sql.Statements;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of a file: decoded, and with the values of its placeholders. */
final class FileText {

  /** Not behind another dollar sign, where it is the beginning of a quoted text. */
  private static final Pattern PLACEHOLDER = Pattern.compile("(?<!\\$)\\$\\{([A-Za-z0-9_.-]+)}");

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private FileText() {}

  /**
   * Decodes UTF-8.
   *
   * @throws FileProblem if it is something else
   */
  static String decode(SourceFile file) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer bytes = ByteBuffer.wrap(file.content());
    try {
      String text = decoder.decode(bytes).toString();
      return (!text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (CharacterCodingException ex) {
      int line = 1;
      for (int i = 0; i < bytes.position(); i++) {
        line += (file.content()[i] == '\n') ? 1 : 0;
      }
      throw new FileProblem(
          file.path(),
          line,
          "byte %d is not UTF-8; save the file as UTF-8".formatted(bytes.position() + 1));
    }
  }

  /**
   * Puts values in the place of {@code ${…}}.
   *
   * @throws FileProblem if one is not defined
   */
  static String fill(String path, String text, Map<String, String> values) {
    if (!text.contains("${")) {
      return text;
    }
    Matcher matcher = PLACEHOLDER.matcher(text);
    StringBuilder filled = new StringBuilder();
    // What looks like one in the rows of a COPY is a value.
    List<int[]> rows = Statements.rows(text);
    while (matcher.find()) {
      int at = matcher.start();
      if (rows.stream().anyMatch(it -> it[0] <= at && at < it[1])) {
        continue;
      }
      String value = values.get(matcher.group(1));
      if (value == null) {
        throw new FileProblem(
            path,
            line(text, matcher.start()),
            "the placeholder %s is not defined; set migrator.sql.placeholders.%s"
                .formatted(matcher.group(), matcher.group(1)));
      }
      matcher.appendReplacement(filled, Matcher.quoteReplacement(value));
    }
    return matcher.appendTail(filled).toString();
  }

  /** Puts values in the place of those that are defined; all else is text, as to other tools. */
  static String fillKnown(String text, Map<String, String> values) {
    return PLACEHOLDER
        .matcher(text)
        .replaceAll(
            it ->
                Matcher.quoteReplacement(
                    values.containsKey(it.group(1)) ? values.get(it.group(1)) : it.group()));
  }

  /** The line of a character, from 1. */
  static int line(String text, int at) {
    int line = 1;
    for (int i = 0; i < at && i < text.length(); i++) {
      line += (text.charAt(i) == '\n') ? 1 : 0;
    }
    return line;
  }
}
