package dev.migrator.check.internal.changelog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import liquibase.changelog.ChangeSet;
import org.jspecify.annotations.Nullable;

/** The files of changelogs, for what Liquibase does not keep of them: lines and namespaces. */
final class ChangeLogTexts {

  private static final String ROOT = "databaseChangeLog";

  private final List<Path> folders;

  private final Map<Path, Map<String, ChangeSetPlace>> read = new HashMap<>();

  ChangeLogTexts(List<Path> folders) {
    this.folders = folders;
  }

  /** A path as it is from a folder on. */
  static String plain(String path) {
    return path.replaceFirst("^classpath\\*?:", "").replaceFirst("^/+", "");
  }

  /** The file of a path; {@code null} if it is elsewhere, such as in a library. */
  @Nullable Path find(String path) {
    return folders.stream()
        .map(it -> it.resolve(path))
        .filter(Files::isRegularFile)
        .findFirst()
        .orElse(null);
  }

  /** Where a change set stands. */
  ChangeSetPlace place(String path, ChangeSet changeSet) {
    Path file = find(path);
    return (file == null)
        ? ChangeSetPlace.UNKNOWN
        : places(file)
            .getOrDefault(
                ChangeSetPlaces.key(changeSet.getId(), changeSet.getAuthor()),
                ChangeSetPlace.UNKNOWN);
  }

  private Map<String, ChangeSetPlace> places(Path file) {
    return read.computeIfAbsent(file, it -> ChangeSetPlaces.of(it.toString(), text(it)));
  }

  private static String text(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException ex) {
      throw new UncheckedIOException("%s cannot be read".formatted(file), ex);
    }
  }

  /** The changes in all changelogs of the folders that are the migrator's, in YAML and JSON. */
  Set<String> foreignNames() {
    Set<String> names = new TreeSet<>();
    for (Path folder : folders) {
      try (Stream<Path> files = Files.walk(folder)) {
        files
            .filter(it -> it.toString().matches(".*\\.(ya?ml|json)"))
            .filter(Files::isRegularFile)
            .filter(ChangeLogTexts::isForeign)
            .forEach(it -> places(it).values().forEach(place -> names.addAll(place.foreign())));
      } catch (IOException ex) {
        throw new UncheckedIOException("%s cannot be read".formatted(folder), ex);
      }
    }
    return names;
  }

  private static boolean isForeign(Path file) {
    String text = text(file);
    return text.contains(ROOT) && text.contains(ChangeSetPlaces.PREFIX);
  }
}
