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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
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
    settings
        .repair()
        .forEach(
            (id, reason) -> {
              FileDefinition ran = ran(records, id).orElse(null);
              Optional<Declaration> file =
                  declared.stream().filter(it -> it.id().equals(id)).findFirst();
              if (ran != null) {
                repair(
                        id,
                        ran,
                        file.flatMap(it -> FileDefinition.of(it.operations()))
                            .map(FileDefinition::checksum)
                            .orElse(null),
                        reason)
                    .ifPresent(repairs::add);
              }
            });
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
    List<Declaration> files =
        declared.stream().filter(it -> it.isFile() && !it.isRepeatable()).toList();
    files.stream()
        .filter(it -> ran(records, it.id()).isPresent())
        .max(Comparator.comparing(it -> place(it.id())))
        .ifPresent(last -> checkOrder(files, last, records));
    files.stream()
        .max(Comparator.comparing(it -> place(it.id())))
        .ifPresent(last -> checkMissing(declared, completed, last, records));
  }

  private static void checkOrder(
      List<Declaration> files, Declaration last, Map<String, Recorded> records) {
    for (Declaration file : files) {
      boolean late =
          place(file.id()).compareTo(place(last.id())) < 0
              && !records.containsKey(file.id())
              && file.migration().after().isEmpty();
      if (late) {
        throw new InvalidMigrationException(
            ErrorCode.FILE_LATE,
            "%s has not run, but %s has, which comes behind it. Give it a later version; or, if the order does not matter, allow it by migrator.sql.out-of-order=true"
                .formatted(file.where(), last.id()));
      }
    }
  }

  private static void checkMissing(
      Collection<Declaration> declared,
      Set<String> completed,
      Declaration last,
      Map<String, Recorded> records) {
    Set<String> all = declared.stream().map(Declaration::id).collect(Collectors.toSet());
    all.addAll(completed);
    for (Recorded recorded : records.values()) {
      String id = recorded.id();
      boolean known = all.contains(id);
      Optional<FileDefinition> ran = ran(records, id);
      boolean older = ran.isPresent() && place(id).compareTo(place(last.id())) < 0;
      if (!known && older && ran.isPresent() && !ran.get().missing() && !ran.get().repeatable()) {
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
