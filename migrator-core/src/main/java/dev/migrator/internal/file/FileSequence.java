package dev.migrator.internal.file;

import dev.migrator.internal.file.FileName.Direction;
import dev.migrator.settings.Adopt;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Files in the order in which they run on a new database, without a look at what they contain.
 *
 * @param files those that do something; what undoes it is left out
 * @param problems those whose names say no place in the order, and why
 */
public record FileSequence(List<Placed> files, List<Unplaced> problems) {

  public FileSequence {
    files = List.copyOf(files);
    problems = List.copyOf(problems);
  }

  /** A file and the id of its migration. */
  public record Placed(SourceFile file, String id, boolean repeatable) {}

  /** A file without a place. */
  public record Unplaced(SourceFile file, String problem) {}

  /** Sorts files. */
  public static FileSequence of(List<SourceFile> files, Adopt adopt) {
    List<Placed> placed = new ArrayList<>();
    List<Unplaced> problems = new ArrayList<>();
    for (SourceFile file : files) {
      try {
        FileName name =
            switch (adopt) {
              case NONE -> FileName.of(file);
              case FLYWAY -> FlywayNames.of(file);
              case SUPABASE -> SupabaseNames.of(file);
            };
        if (name.direction() == Direction.UP) {
          placed.add(new Placed(file, name.id(), name.repeatable()));
        }
      } catch (FileProblem ex) {
        problems.add(new Unplaced(file, ex.problem()));
      }
    }
    placed.sort(
        Comparator.comparing(Placed::repeatable)
            .thenComparing(
                it -> it.repeatable() ? null : FilePlace.of(it.id()).orElse(null),
                FilePlace.order()));
    return new FileSequence(placed, problems);
  }

  /**
   * The text of a file, with the values of its placeholders.
   *
   * @param lenient whether those without a value are text
   * @throws FileProblem if it is not UTF-8, or a placeholder has no value
   */
  public static String text(SourceFile file, Map<String, String> placeholders, boolean lenient) {
    String text = FileText.decode(file);
    return lenient
        ? FileText.fillKnown(text, placeholders)
        : FileText.fill(file.path(), text, placeholders);
  }
}
