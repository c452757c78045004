package dev.migrator.internal.plan;

import dev.migrator.error.ErrorCode;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.internal.file.FilePlace;
import dev.migrator.internal.file.RepeatableId;
import dev.migrator.internal.operation.FileDefinition;
import dev.migrator.settings.SqlSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Whether the SQL files of a release continue the history that the journal tells. Pure. */
public final class FileHistory {

  private static final FilePlace NOWHERE = new FilePlace(false, List.of());

  private FileHistory() {}

  /**
   * What the journal is to note because an operator accepts it.
   *
   * @param id the file
   * @param definition what it may be from now on
   * @param reason why
   */
  public record Repair(String id, FileDefinition definition, String reason) {}

  /** The repairs that are set and not noted yet. */
  public static List<Repair> repairs(
      Collection<Declaration> declared, Map<String, Recorded> records, SqlSettings settings) {
    List<Repair> repairs = new ArrayList<>();
    for (Map.Entry<String, String> setting : settings.repair().entrySet()) {
      String id = setting.getKey();
      FileDefinition ran = ran(records, id).orElse(null);
      Optional<Declaration> file = declared.stream().filter(it -> it.id().equals(id)).findFirst();
      if (ran != null) {
        String now =
            file.flatMap(it -> FileDefinition.of(it.operations()))
                .map(FileDefinition::checksum)
                .orElse(null);
        repair(id, ran, now, setting.getValue()).ifPresent(repairs::add);
      }
    }
    return repairs;
  }

  /**
   * What makes the journal agree with a file.
   *
   * @param ran what ran
   * @param now the sum of the file as it is; {@code null} if it is missing
   * @return empty if they agree
   */
  public static Optional<Repair> repair(
      String id, FileDefinition ran, @Nullable String now, String reason) {
    if (now == null) {
      return ran.missing()
          ? Optional.empty()
          : Optional.of(new Repair(id, ran.allowedToMiss(), reason));
    }
    return ran.fits(now)
        ? Optional.empty()
        : Optional.of(new Repair(id, ran.accepting(now), reason));
  }

  /**
   * The repeatable files whose content ran before another one that is in the database now: those of
   * an older release, or those that were put back and do not say so.
   *
   * @return the ids, each with the one that ran later
   */
  public static Map<String, String> superseded(
      Collection<Declaration> declared, Map<String, Recorded> records) {
    Map<String, String> superseded = new TreeMap<>();
    for (Declaration file : declared) {
      Recorded own = records.get(file.id());
      if (own == null || own.since() == null || !file.isRepeatable()) {
        continue;
      }
      String name = RepeatableId.name(own.id());
      records.values().stream()
          .filter(it -> RepeatableId.name(it.id()).equals(name) && it.since() != null)
          .filter(it -> ran(it).filter(FileDefinition::repeatable).isPresent())
          .max(Comparator.comparing(it -> Objects.requireNonNull(it.since())))
          .filter(it -> !it.id().equals(own.id()))
          .ifPresent(it -> superseded.put(own.id(), it.id()));
    }
    return superseded;
  }

  /**
   * Checks that no file is missing, and that those that have not run come behind those that have.
   * One that is newer than all of this release is that of a newer release.
   *
   * @param completed what this release only says to be finished
   * @throws InvalidMigrationException naming the file, and the way on
   */
  public static void check(
      Collection<Declaration> declared,
      Set<String> completed,
      Map<String, Recorded> records,
      SqlSettings settings) {
    if (settings.outOfOrder()) {
      return;
    }
    FileOfRelease lastRun = null;
    FileOfRelease last = null;
    List<FileOfRelease> waiting = new ArrayList<>();
    for (Declaration declaration : declared) {
      if (!declaration.isFile() || declaration.isRepeatable()) {
        continue;
      }
      FileOfRelease file = new FileOfRelease(declaration, place(declaration.id()));
      last = later(last, file);
      if (ran(records, declaration.id()).isPresent()) {
        lastRun = later(lastRun, file);
      } else if (!records.containsKey(declaration.id())) {
        waiting.add(file);
      }
    }
    if (lastRun != null) {
      checkOrder(waiting, lastRun);
    }
    if (last != null) {
      checkMissing(declared, completed, last, records);
    }
  }

  /** A file with its place, which takes time to find out. */
  private record FileOfRelease(Declaration declaration, FilePlace place) {}

  private static FileOfRelease later(@Nullable FileOfRelease one, FileOfRelease other) {
    return (one != null && one.place().compareTo(other.place()) > 0) ? one : other;
  }

  private static void checkOrder(List<FileOfRelease> waiting, FileOfRelease last) {
    for (FileOfRelease file : waiting) {
      Declaration declaration = file.declaration();
      if (file.place().compareTo(last.place()) < 0 && declaration.migration().after().isEmpty()) {
        throw new InvalidMigrationException(
            ErrorCode.FILE_LATE,
            "%s has not run, but %s has, which comes behind it. Give it a later version; or, if the order does not matter, allow it by migrator.sql.out-of-order=true"
                .formatted(declaration.where(), last.declaration().id()));
      }
    }
  }

  private static void checkMissing(
      Collection<Declaration> declared,
      Set<String> completed,
      FileOfRelease last,
      Map<String, Recorded> records) {
    Set<String> known = new HashSet<>(completed);
    declared.forEach(it -> known.add(it.id()));
    for (Recorded recorded : records.values()) {
      String id = recorded.id();
      FileDefinition ran = known.contains(id) ? null : ran(recorded).orElse(null);
      if (ran != null
          && !ran.missing()
          && !ran.repeatable()
          && place(id).compareTo(last.place()) < 0) {
        throw new InvalidMigrationException(
            ErrorCode.FILE_MISSING,
            "the file of the migration \"%s\" has run at %s, and is missing. Put it back: a new database needs it; or, if it shall be missing, say why by migrator.sql.repair.%s=…"
                .formatted(id, recorded.since(), id));
      }
    }
  }

  /** Repeatable files have none, and are not asked for it. */
  private static FilePlace place(String id) {
    return FilePlace.of(id).orElse(NOWHERE);
  }

  /** What ran under an id; empty if nothing did to its end, or if it is no file. */
  private static Optional<FileDefinition> ran(Map<String, Recorded> records, String id) {
    Recorded recorded = records.get(id);
    return (recorded == null) ? Optional.empty() : ran(recorded);
  }

  private static Optional<FileDefinition> ran(Recorded recorded) {
    boolean reached = recorded.phase() != null && recorded.phase() == recorded.begun();
    return reached ? FileDefinition.of(recorded.operations()) : Optional.empty();
  }
}
