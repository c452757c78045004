package dev.migrator.test.rehearsal;

import dev.migrator.Migrator;
import dev.migrator.MigratorBuilder;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.plan.PlannedMigration;
import dev.migrator.plan.PlannedPhase;
import dev.migrator.status.Hold.Reason;
import dev.migrator.status.MigrationStatus;
import dev.migrator.status.MigrationStatus.State;
import dev.migrator.status.StepStatus;
import dev.migrator.test.TestDatabase;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * One migration on its way, phase by phase. The engine runs as a deployment job does. When it has
 * committed that a phase is reached, the command {@code pause} is given before it goes on, so that
 * it ends between two phases, where everything can be looked at.
 */
final class Course implements AutoCloseable {

  /** What ends a run without anything being wrong. */
  private static final Set<Reason> EXPECTED =
      EnumSet.of(Reason.PAUSED, Reason.RETENTION, Reason.NOT_DECLARED);

  private final TestDatabase database;

  private final String id;

  private final WatchedDataSource watched;

  private final Migrator engine;

  private final Looking looking;

  private final Progress progress;

  private final List<Stage> stages = new ArrayList<>();

  private final Set<Phase> working;

  private boolean paused;

  private Course(
      Setup setup,
      TestDatabase database,
      String id,
      boolean measures,
      @Nullable Set<Phase> working,
      Function<DataSource, MigratorBuilder> builder) {
    this.database = database;
    this.id = id;
    this.watched = new WatchedDataSource(database, measures);
    this.engine = builder.apply(watched).build();
    this.looking = new Looking(database, id, builder);
    this.progress = new Progress(setup.progress(), database, id, builder);
    // Refused, but the journal is there then: to make it is not part of the migration.
    looking.give(OperatorCommand.RETRY);
    this.paused = isPaused();
    this.working = (working == null) ? working(looking.plan()) : working;
  }

  /** The phases in which there is something to do. */
  static Set<Phase> working(PlannedMigration plan) {
    return plan.phases().stream()
        .filter(it -> !it.steps().isEmpty())
        .map(PlannedPhase::phase)
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Phase.class)));
  }

  /** One that is measured. */
  static Course measured(Setup setup, TestDatabase database, String id) {
    return new Course(
        setup, database, id, true, null, it -> setup.engine(it, "rehearsal").upTo(id));
  }

  /** One that only gets there. */
  static Course plain(Setup setup, TestDatabase database, String id, @Nullable Set<Phase> working) {
    return new Course(
        setup, database, id, false, working, it -> setup.engine(it, "rehearsal").upTo(id));
  }

  /** One that takes over fast from one that was killed, or that is to be killed. */
  static Course hasty(
      Setup setup, TestDatabase database, String id, Set<Phase> working, boolean measures) {
    // A name that no other instance has, as each stands for another one.
    String instance = "instance-" + java.util.UUID.randomUUID();
    return new Course(
        setup, database, id, measures, working, it -> setup.hastyEngine(it, instance).upTo(id));
  }

  private boolean isPaused() {
    return looking.status().holds().stream().anyMatch(it -> it.reason() == Reason.PAUSED);
  }

  /**
   * A phase, or what CONTRACT leaves for the end of the retention time.
   *
   * @param phase which one
   * @param afterRetention whether it is the latter
   * @param begin when it began
   * @param end when it was reached
   * @param wal how much the server wrote to its log
   * @param before the sizes of all tables
   * @param after the same at the end
   */
  record Stage(
      Phase phase,
      boolean afterRetention,
      long begin,
      long end,
      long wal,
      TableSizes before,
      TableSizes after) {

    String name() {
      return afterRetention ? phase + " after retention" : phase.toString();
    }
  }

  List<Stage> stages() {
    return List.copyOf(stages);
  }

  WatchedDataSource watched() {
    return watched;
  }

  Looking looking() {
    return looking;
  }

  Migrator engine() {
    return engine;
  }

  PlannedMigration plan() {
    return looking.plan();
  }

  @Nullable Phase reached() {
    return looking.phase();
  }

  /** The phase that {@link #next} takes, or the last one if none is left. */
  @Nullable Phase upcoming() {
    Phase reached = reached();
    return working.stream()
        .filter(it -> reached == null || !reached.includes(it))
        .findFirst()
        .orElse(reached);
  }

  /**
   * Takes the next phase in which there is something to do, and returns it; {@code null} if nothing
   * is left.
   */
  @Nullable Stage next() {
    resume();
    MigrationStatus before = looking.status();
    TableSizes sizes = TableSizes.of(database);
    watched.stage(stages.size());
    Reached reached = new Reached(before.phase());
    watched.onCommit(reached);
    long begin = System.nanoTime();
    progress.begin();
    try {
      engine.migrate();
    } finally {
      progress.end();
      watched.onCommit(() -> {});
    }
    MigrationStatus after = looking.status();
    requireNothingWrong(after);
    boolean dropped =
        before.phase() == Phase.CONTRACT
            && before.state() != State.COMPLETED
            && after.state() == State.COMPLETED;
    if (Objects.equals(before.phase(), after.phase()) && !dropped) {
      return null;
    }
    TableSizes now = TableSizes.of(database);
    Stage stage =
        new Stage(
            Objects.requireNonNull(after.phase()),
            dropped,
            begin,
            dropped ? System.nanoTime() : reached.at,
            now.wal() - sizes.wal(),
            sizes,
            now);
    stages.add(stage);
    return stage;
  }

  void resume() {
    if (paused) {
      looking.give(OperatorCommand.RESUME);
      paused = false;
    }
  }

  private void requireNothingWrong(MigrationStatus status) {
    if (status.state() == State.FAILED) {
      throw new RehearsalException(
          "%s failed on its way from %s: %s"
              .formatted(
                  id,
                  status.phase() == null ? "its beginning" : status.phase(),
                  status.steps().stream()
                      .filter(it -> it.state() == StepStatus.State.FAILED)
                      .map(it -> "step \"%s\": %s".formatted(it.name(), it.error()))
                      .collect(Collectors.joining("; "))));
    }
    if (status.holds().stream().anyMatch(it -> !EXPECTED.contains(it.reason()))) {
      throw new RehearsalException(
          "%s is held behind %s: %s"
              .formatted(
                  id,
                  status.phase() == null ? "its beginning" : status.phase(),
                  status.holds().stream()
                      .map(
                          it ->
                              "%s (%s); what releases it: %s"
                                  .formatted(it.message(), it.reason().code(), it.remedy()))
                      .collect(Collectors.joining("; "))));
    }
    if (status.state() == State.PENDING) {
      throw new RehearsalException(
          "%s does not go on behind %s; the log says why".formatted(id, status.phase()));
    }
  }

  /** Looks after each commit of the leader whether a phase is reached. */
  private final class Reached implements Runnable {

    private final Thread leader = Thread.currentThread();

    private @Nullable Phase last;

    private long at;

    Reached(@Nullable Phase last) {
      this.last = last;
    }

    @Override
    public void run() {
      if (Thread.currentThread() != leader || paused) {
        return;
      }
      long now = System.nanoTime();
      Phase phase = looking.phase();
      if (phase != null && phase != last) {
        at = now;
        last = phase;
        paused = working.contains(phase) && looking.give(OperatorCommand.PAUSE);
      }
    }
  }

  @Override
  public void close() {
    progress.close();
    engine.close();
    watched.close();
    looking.close();
  }
}
