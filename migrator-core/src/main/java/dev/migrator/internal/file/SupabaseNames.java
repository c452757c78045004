package dev.migrator.internal.file;

import dev.migrator.internal.file.FileName.Direction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the CLI of Supabase calls its files: digits, an underscore and any text. It takes every such
 * file of its folder for one to run, so what undoes one has to be in another folder.
 */
final class SupabaseNames {

  private static final Pattern NAME = Pattern.compile("(\\d+)_(.*)\\.sql");

  private static final Pattern DIRECTED = Pattern.compile("\\d+_.*\\.(up|down)\\.sql");

  private static final String FOLDER = "supabase/migrations/";

  private SupabaseNames() {}

  /**
   * Reads a name of the CLI's or of our own.
   *
   * @throws FileProblem if it is neither
   */
  static FileName of(SourceFile file) {
    boolean directed = DIRECTED.matcher(file.name()).matches();
    if (directed && file.path().contains(FOLDER)) {
      throw new FileProblem(
          file.path(),
          "in this folder the CLI of Supabase takes every file for one to run, whatever follows the version; put what undoes a file into another folder, such as supabase/down, and list that in migrator.locations as well");
    }
    Matcher matcher = NAME.matcher(file.name());
    if (!matcher.matches()) {
      return FileName.of(file);
    }
    String text = matcher.group(2);
    Direction direction = Direction.UP;
    if (directed) {
      direction = text.endsWith(".down") ? Direction.DOWN : Direction.UP;
      text = text.substring(0, text.lastIndexOf('.'));
    }
    String id = matcher.group(1) + "_" + IdCharacters.of(text);
    return new FileName(
        FilePlace.of(id)
            .orElseThrow(() -> new FileProblem(file.path(), "the version is too long"))
            .toString(),
        id,
        direction,
        false,
        true);
  }
}
