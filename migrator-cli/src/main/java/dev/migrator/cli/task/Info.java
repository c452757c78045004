package dev.migrator.cli.task;

import dev.migrator.Migrator;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.Hold;
import dev.migrator.status.MigrationStatus;
import dev.migrator.status.MigratorStatus;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/** Where the changes of a database stand. Asking changes nothing, and registers nobody. */
public final class Info {

  private final Migrator migrator;

  private Info(Migrator migrator) {
    this.migrator = migrator;
  }

  /**
   * Prepares to ask.
   *
   * @param set the files that this project has; folders that are not there are passed over
   */
  public static Info of(Target target, FileSet set) {
    DataSource dataSource = target.connected();
    FileSet there =
        new FileSet(
            set.folders().stream().filter(Files::isDirectory).toList(),
            set.placeholders(),
            set.adopt());
    MigratorSettings settings =
        MigratorSettings.builder()
            .sql(it -> it.adopt(there.adopt()))
            .sql(it -> there.placeholders().forEach(it::placeholder))
            .build();
    return TaskException.translated(
        () ->
            new Info(
                Migrator.builder(dataSource)
                    .settings(settings)
                    .sqlFiles(there.locations().toArray(String[]::new))
                    .build()));
  }

  /**
   * Asks.
   *
   * @throws TaskException if there is no answer
   */
  public MigratorStatus read() {
    return TaskException.translated(migrator::status);
  }

  /** Whether something has failed. */
  public static boolean hasFailed(MigratorStatus status) {
    return status.migrations().stream().anyMatch(it -> it.state() == MigrationStatus.State.FAILED);
  }

  /** Whether nothing is left to do for those that run. */
  public static boolean isDone(MigratorStatus status) {
    return status.migrations().stream()
        .map(MigrationStatus::state)
        .allMatch(
            it -> it == MigrationStatus.State.REACHED || it == MigrationStatus.State.COMPLETED);
  }

  /** As people read it. */
  public static List<String> text(MigratorStatus status) {
    int width = status.migrations().stream().mapToInt(it -> it.id().length()).max().orElse(0);
    List<String> lines = new ArrayList<>();
    for (MigrationStatus it : status.migrations()) {
      lines.add(
          "%-9s  %s  %s"
              .formatted(
                  it.state(),
                  pad(it.id(), width),
                  it.phase() == null
                      ? ""
                      : it.phase() + (it.since() == null ? "" : " since " + it.since()))
              .stripTrailing());
      // Of what has not begun, the order says as much.
      it.holds().stream()
          .filter(hold -> it.phase() != null || hold.reason() != Hold.Reason.OTHER_MIGRATION)
          .forEach(
              hold ->
                  lines.add(
                      "           %s: %s; %s"
                          .formatted(hold.reason().code().code(), hold.message(), hold.remedy())));
    }
    lines.add(
        status.migrations().isEmpty()
            ? "no migration is known"
            : counts(status).entrySet().stream()
                .map(it -> it.getValue() + " " + it.getKey())
                .collect(Collectors.joining(", ")));
    status
        .fleet()
        .forEach(
            it ->
                lines.add(
                    "instance %s: %s %s, seen at %s"
                        .formatted(it.name(), it.application(), it.release(), it.seenAt())));
    return lines;
  }

  private static String pad(String id, int width) {
    return id + " ".repeat(width - id.length());
  }

  private static Map<String, Long> counts(MigratorStatus status) {
    return status.migrations().stream()
        .collect(
            Collectors.groupingBy(
                it -> it.state().name(), LinkedHashMap::new, Collectors.counting()));
  }
}
