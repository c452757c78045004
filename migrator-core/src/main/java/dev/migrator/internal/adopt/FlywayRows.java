package dev.migrator.internal.adopt;

import dev.migrator.error.ErrorCode;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.internal.file.FilePlace;
import dev.migrator.internal.file.RepeatableId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What Flyway's history says of the files of a release. Pure. */
final class FlywayRows {

  /** The last line of each version. */
  private final Map<FilePlace, FlywayRow> versions = new TreeMap<>();

  /** The last line of each repeatable file, by its name. */
  private final Map<String, FlywayRow> repeatable = new HashMap<>();

  private @Nullable FilePlace baseline;

  private final Map<String, String> repairs;

  /**
   * Of some lines.
   *
   * @param rows in their order
   * @param repairs why files may be different from what ran, by their ids
   */
  FlywayRows(List<FlywayRow> rows, Map<String, String> repairs) {
    this.repairs = repairs;
    for (FlywayRow row : rows) {
      FilePlace place = FilePlace.ofVersion(row.version()).orElse(null);
      if (row.isBaseline() && place != null) {
        baseline = place;
      } else if (place != null && !row.type().equals("SCHEMA")) {
        versions.put(place, row);
      } else if (row.version() == null && !row.isNoFile()) {
        repeatable.put(name(row.script()), row);
      }
    }
  }

  /**
   * Compares.
   *
   * @throws InvalidMigrationException naming a file that failed, or is not what ran
   */
  Takeover compare(List<KnownFile> open, Collection<String> all) {
    Map<String, String> ran = new TreeMap<>();
    for (KnownFile file : open) {
      String how = file.file().repeatable() ? repeatable(file) : versioned(file);
      if (how != null) {
        ran.put(file.id(), how);
      }
    }
    return new Takeover(ran, without(all), false);
  }

  private @Nullable String versioned(KnownFile file) {
    FilePlace place = FilePlace.of(file.id()).orElse(null);
    FlywayRow row = (place == null) ? null : versions.get(place);
    if (row != null && !row.isNoFile() && !row.undoes()) {
      requireSuccess(row);
      requireSame(file, row);
      return "run by Flyway as %s, by the role \"%s\" at %s"
          .formatted(row.shown(), ForeignTable.shown(row.installedBy()), row.installedOn());
    }
    boolean contained = baseline != null && place != null && place.compareTo(baseline) <= 0;
    return (contained && row == null)
        ? "contained in Flyway's baseline, version " + baseline
        : null;
  }

  /** Another content is run, as Flyway would. */
  private @Nullable String repeatable(KnownFile file) {
    FlywayRow row = repeatable.get(RepeatableId.name(file.id()));
    if (row == null || !row.success()) {
      return null;
    }
    Integer ran = row.checksum();
    return (ran != null && ran == file.flywayChecksum())
        ? "run by Flyway as %s at %s".formatted(row.shown(), row.installedOn())
        : null;
  }

  private static void requireSuccess(FlywayRow row) {
    if (!row.success()) {
      throw new InvalidMigrationException(
          ErrorCode.FOREIGN_HISTORY,
          "Flyway's history says that %s has failed at %s, and may have done a part of it. Look what is there, finish it or take it back by hand, and remove that line by Flyway's command repair; then start again"
              .formatted(row.shown(), row.installedOn()));
    }
  }

  private void requireSame(KnownFile file, FlywayRow row) {
    Integer ran = row.checksum();
    if (ran != null && ran != file.flywayChecksum() && !repairs.containsKey(file.id())) {
      throw new InvalidMigrationException(
          ErrorCode.FILE_CHANGED,
          "the file %s is not what Flyway ran at %s (its checksum was %d, and is %d). Put it back as it was; or, if it means the same, say why by migrator.sql.repair.%s=…"
              .formatted(
                  file.file().path(), row.installedOn(), ran, file.flywayChecksum(), file.id()));
    }
  }

  /** What has run here and no file of this release makes again on a new database. */
  private List<String> without(Collection<String> all) {
    Set<FilePlace> here = new HashSet<>();
    all.forEach(it -> FilePlace.of(it).ifPresent(here::add));
    FilePlace last = here.stream().max(FilePlace::compareTo).orElse(null);
    List<String> without = new ArrayList<>();
    versions.forEach(
        (place, row) -> {
          boolean older = last != null && place.compareTo(last) < 0;
          boolean contained = baseline != null && place.compareTo(baseline) <= 0;
          boolean counts = row.success() && !row.isNoFile() && !row.undoes();
          if (counts && older && !contained && !here.contains(place)) {
            without.add(row.shown());
          }
        });
    return without;
  }

  /** As the id of the file begins. */
  private static String name(String script) {
    String file = script.substring(script.lastIndexOf('/') + 1).replaceFirst("\\.sql$", "");
    return file.replaceAll("[^A-Za-z0-9_.-]+", "_");
  }
}
