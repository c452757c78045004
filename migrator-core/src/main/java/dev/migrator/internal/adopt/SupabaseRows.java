package dev.migrator.internal.adopt;

import dev.migrator.internal.file.FilePlace;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the list of Supabase says of the files of a release. Pure. */
final class SupabaseRows {

  private SupabaseRows() {}

  /**
   * Compares.
   *
   * @param versions those that are listed
   */
  static Takeover compare(List<String> versions, List<KnownFile> open, Collection<String> all) {
    Set<String> listed = new HashSet<>(versions);
    Map<String, String> ran = new TreeMap<>();
    for (KnownFile file : open) {
      if (listed.contains(SupabaseHistory.version(file.id()))) {
        ran.put(file.id(), "listed in supabase_migrations.schema_migrations");
      }
    }
    Set<String> here = new HashSet<>();
    all.stream()
        .filter(it -> it.matches("\\d+_.*"))
        .forEach(it -> here.add(SupabaseHistory.version(it)));
    return new Takeover(
        ran,
        versions.stream()
            .filter(it -> !here.contains(it) && isOlder(it, all))
            .map(ForeignTable::shown)
            .toList(),
        false);
  }

  /** What is newer than all files here is that of a newer release. */
  private static boolean isOlder(String version, Collection<String> all) {
    FilePlace place = FilePlace.ofVersion(version).orElse(null);
    return place == null
        || all.stream()
            .flatMap(it -> FilePlace.of(it).stream())
            .anyMatch(it -> it.compareTo(place) > 0);
  }
}
