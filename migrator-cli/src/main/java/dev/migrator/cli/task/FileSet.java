package dev.migrator.cli.task;

import dev.migrator.internal.file.FileLocations;
import dev.migrator.internal.file.SourceFile;
import dev.migrator.internal.file.SqlFiles;
import dev.migrator.settings.Adopt;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The SQL files of a project.
 *
 * @param folders where they are
 * @param placeholders the values of {@code ${…}}, by name
 * @param adopt for which tool some of them were written
 */
public record FileSet(List<Path> folders, Map<String, String> placeholders, Adopt adopt) {

  public FileSet {
    folders = List.copyOf(folders);
    placeholders = Map.copyOf(placeholders);
  }

  /** As an application writes them into {@code migrator.locations}. */
  List<String> locations() {
    return folders.stream().map(it -> "file:" + it.toAbsolutePath().normalize()).toList();
  }

  /** All of them, and what is wrong with them. */
  SqlFiles.Parsed parse() {
    List<SourceFile> sources = FileLocations.read(locations(), FileSet.class.getClassLoader());
    return SqlFiles.read(sources, placeholders, adopt);
  }
}
