package dev.migrator.diff;

import dev.migrator.internal.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.core.type.TypeReference;

/**
 * A file that remembers the places of constants.
 *
 * @param file where it is; made when there is something to remember
 */
record OrdinalRecord(Path file) {

  Map<String, List<String>> read() {
    try {
      return Files.exists(file)
          ? Json.read(
              Files.readString(file), new TypeReference<LinkedHashMap<String, List<String>>>() {})
          : Map.of();
    } catch (IOException ex) {
      throw new UncheckedIOException(file + " cannot be read", ex);
    }
  }

  /** Remembers what has come; a column that is gone may come back with an older release. */
  void add(Map<String, List<String>> recorded, Map<String, List<String>> now) {
    Map<String, List<String>> all = new TreeMap<>(recorded);
    all.putAll(now);
    if (all.equals(recorded)) {
      return;
    }
    String lines =
        all.entrySet().stream()
            .map(it -> "  %s: %s".formatted(Json.write(it.getKey()), Json.write(it.getValue())))
            .collect(Collectors.joining(",\n", "{\n", "\n}\n"));
    try {
      if (file.getParent() != null) {
        Files.createDirectories(file.getParent());
      }
      Files.writeString(file, lines);
    } catch (IOException ex) {
      throw new UncheckedIOException(file + " cannot be written", ex);
    }
  }
}
