package dev.migrator.test.rehearsal;

import dev.migrator.Migrator;
import dev.migrator.MigratorBuilder;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.error.MigratorException;
import dev.migrator.status.Hold;
import dev.migrator.status.Hold.Reason;
import dev.migrator.status.MigrationStatus;
import dev.migrator.test.CatalogImage;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.rehearsal.Course.Stage;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Undoes a migration from each of its phases to its beginning, each time in a copy of the database
 * as it was when that phase was reached.
 */
final class UndoRun {

  private final Setup setup;

  private final StartingDatabase start;

  private final String id;

  /** Asked once. */
  private @Nullable Set<Phase> working;

  UndoRun(StartingDatabase start, String id) {
    this.setup = start.setup();
    this.start = start;
    this.id = id;
  }

  List<UndoResult> run() {
    List<UndoResult> results = new ArrayList<>();
    try (TestDatabase database = start.copy()) {
      for (Stage stage = next(database);
          stage != null && !stage.afterRetention();
          stage = next(database)) {
        try (TestDatabase copy = database.server().newDatabase(database)) {
          setup.progress().accept("%s: undo from %s".formatted(id, stage.name()));
          String problem = undo(copy, stage.phase());
          List<String> differences =
              (problem != null)
                  ? List.of()
                  : start.image().differences(CatalogImage.of(copy.dataSource()));
          results.add(new UndoResult(stage.name(), differences, problem));
        }
      }
    }
    return results;
  }

  /** By an engine of its own each time, as a database in use cannot be copied. */
  private @Nullable Stage next(TestDatabase database) {
    try (Course course = Course.plain(setup, database, id, working)) {
      if (working == null) {
        working = Course.working(course.plan());
      }
      return course.next();
    }
  }

  /**
   * Returns what went wrong. The contract is undone by a release that knows it; then the one before
   * is deployed again.
   */
  private @Nullable String undo(TestDatabase database, Phase from) {
    String problem =
        (from == Phase.CONTRACT) ? undo(database, Phase.CONTRACT, this::thisRelease) : null;
    return (problem == null) ? undo(database, Phase.EXPAND, this::releaseBefore) : problem;
  }

  private @Nullable String undo(
      TestDatabase database, Phase last, Function<DataSource, MigratorBuilder> release) {
    try (WatchedDataSource pool = new WatchedDataSource(database, false);
        Migrator engine = release.apply(pool).build();
        Looking looking = new Looking(database, id, release)) {
      for (Phase phase = looking.phase();
          phase != null && phase.includes(last);
          phase = looking.phase()) {
        looking.order(OperatorCommand.undo(phase));
        engine.migrate();
        MigrationStatus status = looking.status();
        if (status.phase() == phase || isHeld(status)) {
          return "%s stays: %s".formatted(phase, why(status));
        }
      }
      return null;
    } catch (MigratorException ex) {
      return ex.getMessage();
    }
  }

  /** By anything but that it rests, which is what was asked for. */
  private static boolean isHeld(MigrationStatus status) {
    return status.holds().stream()
        .map(Hold::reason)
        .anyMatch(
            it -> !EnumSet.of(Reason.UNDONE, Reason.PAUSED, Reason.NOT_DECLARED).contains(it));
  }

  private MigratorBuilder thisRelease(DataSource dataSource) {
    return setup.engine(dataSource, "this-release").upTo(id);
  }

  private MigratorBuilder releaseBefore(DataSource dataSource) {
    String before = start.before();
    return (before == null)
        ? setup.emptyEngine(dataSource, "release-before")
        : setup.engine(dataSource, "release-before").upTo(before);
  }

  private static String why(MigrationStatus status) {
    String steps =
        status.steps().stream()
            .filter(it -> it.error() != null)
            .map(it -> "step \"%s\": %s".formatted(it.name(), it.error()))
            .collect(Collectors.joining("; "));
    String holds =
        status.holds().stream()
            .map(it -> "%s (%s)".formatted(it.message(), it.reason().code()))
            .collect(Collectors.joining("; "));
    return steps.isEmpty() ? holds : steps;
  }
}
