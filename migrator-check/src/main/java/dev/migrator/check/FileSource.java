package dev.migrator.check;

import dev.migrator.check.internal.text.Script;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.internal.file.FileLocations;
import dev.migrator.internal.file.FileSequence;
import dev.migrator.internal.file.SourceFile;
import dev.migrator.settings.Adopt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The files of a check. */
final class FileSource {

  private final List<Path> folders;

  private final List<Path> files;

  private final Adopt adopt;

  private final Path root;

  FileSource(List<Path> folders, List<Path> files, Adopt adopt, Path root) {
    this.folders = folders;
    this.files = files;
    this.adopt = adopt;
    this.root = root;
  }

  CheckSource source(Map<String, String> placeholders) {
    FileSequence files = read();
    List<Script> nowhere =
        files.problems().stream().map(it -> Script.nothing(it.file(), it.problem())).toList();
    List<CheckUnit> units =
        files.files().stream()
            .map(
                it ->
                    new CheckUnit(
                        from -> it.id().equals(from) || it.id().startsWith(from + "_"),
                        () -> Script.of(it.file(), placeholders, adopt == Adopt.SUPABASE)))
            .toList();
    return new CheckSource("file", nowhere, units);
  }

  /** Reads all of them. */
  private FileSequence read() {
    if (!files.isEmpty()) {
      List<FileSequence.Placed> given = new ArrayList<>();
      for (Path it : files) {
        SourceFile file = new SourceFile(relative(root, it.toString()), bytes(it));
        given.add(new FileSequence.Placed(file, String.valueOf(it.getFileName()), false));
      }
      return new FileSequence(given, List.of());
    }
    List<String> locations =
        folders.stream().map(it -> "file:" + it.toAbsolutePath().normalize()).toList();
    try {
      List<SourceFile> found =
          FileLocations.read(locations, FileSource.class.getClassLoader()).stream()
              .map(it -> new SourceFile(relative(root, it.path()), it.content()))
              .toList();
      return FileSequence.of(found, adopt);
    } catch (InvalidMigrationException ex) {
      throw new IllegalArgumentException(String.valueOf(ex.getMessage()), ex);
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException ex) {
      throw new IllegalArgumentException("%s cannot be read: %s".formatted(file, ex), ex);
    }
  }

  /** As a build server shows it. */
  static String relative(Path root, String path) {
    Path absolute = Path.of(path).toAbsolutePath().normalize();
    String text = absolute.startsWith(root) ? root.relativize(absolute).toString() : path;
    return text.replace('\\', '/');
  }
}
