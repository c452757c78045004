package dev.migrator.test.rehearsal;

import dev.migrator.Phase;
import dev.migrator.plan.PlannedMigration;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.rehearsal.Course.Stage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rehearsal of one migration. Immutable: each method returns another one.
 *
 * <pre>{@code
 * RehearsalReport report =
 *     rehearsal
 *         .of("2026-11-22-users-full-name")
 *         .withRows("users", 1_000_000)
 *         .withColumn("users.email", "'user' || i || '@example.org'")
 *         .usedBy("select name from users where id = 1")
 *         .run();
 * }</pre>
 */
public final class RehearsedMigration {

  private final Rehearsal rehearsal;

  private final String id;

  private final WantedRows rows;

  private final List<Use> uses;

  private final int clients;

  private @Nullable RehearsalReport report;

  RehearsedMigration(Rehearsal rehearsal, String id, WantedRows rows, List<Use> uses, int clients) {
    this.rehearsal = rehearsal;
    this.id = id;
    this.rows = rows;
    this.uses = List.copyOf(uses);
    this.clients = clients;
  }

  /**
   * Wants a table to have so many rows when the migration begins. Those that are there are
   * multiplied: types, the share of NULL and what belongs together stay, and where a value has to
   * be another one in each row, it is made so. In a table without rows values are made from the
   * types; what has a default or an identity gets that.
   *
   * @param table its name, as SQL writes it
   * @param number how many rows; fewer than there are change nothing
   * @return another rehearsal
   */
  public RehearsedMigration withRows(String table, long number) {
    return new RehearsedMigration(rehearsal, id, rows.withRows(table, number), uses, clients);
  }

  /**
   * Gives the values of a column in the rows that are made.
   *
   * @param column with its table, such as {@code users.kind}
   * @param expression SQL, in which {@code i} is the number of the row from 0
   * @return another rehearsal
   */
  public RehearsedMigration withColumn(String column, String expression) {
    return new RehearsedMigration(
        rehearsal, id, rows.withColumn(column, expression), uses, clients);
  }

  /**
   * Adds statements of the releases that run before the migration. They have to work from the
   * beginning to the last phase before CONTRACT, which waits until no such release is left.
   *
   * @param statements SQL, with values instead of parameters
   * @return another rehearsal
   */
  public RehearsedMigration usedBy(String... statements) {
    return with(Use.before(Use.plain(statements)));
  }

  /**
   * Adds statements of the release that declares the migration. They have to work from a phase to
   * the very end.
   *
   * @param phase the phase after which that release serves, such as BACKFILL
   * @param statements SQL, with values instead of parameters
   * @return another rehearsal
   */
  public RehearsedMigration usedFrom(Phase phase, String... statements) {
    return with(Use.from(phase, Use.plain(statements)));
  }

  /**
   * Adds statements as {@link #usedBy(String...)} does. Those with parameters run with the values
   * that were recorded; without, with values of their types that the tables take, which are looked
   * for before the first phase. Where none are found, the server has to say the same of them after
   * each phase, and the report warns.
   *
   * @param statements recorded from the tests of the releases that run before, or of a live server
   * @return another rehearsal
   */
  public RehearsedMigration usedBy(RecordedStatements statements) {
    return with(Use.before(statements.statements()));
  }

  /**
   * Adds statements as {@link #usedFrom(Phase, String...)} does.
   *
   * @param phase the phase after which that release serves, such as BACKFILL
   * @param statements recorded from the tests of the release that declares the migration
   * @return another rehearsal
   */
  public RehearsedMigration usedFrom(Phase phase, RecordedStatements statements) {
    return with(Use.from(phase, statements.statements()));
  }

  /**
   * Has sessions use the database while each phase runs: each runs those of the given statements
   * that have to work before and after the phase, again and again with 5 ms between, in
   * transactions that are rolled back. The report says how long the slowest took, with all waits
   * for the migration, and what went wrong. Rows that they write and roll back make tables grow.
   *
   * @param number how many sessions; 0, the default, for none
   * @return another rehearsal
   */
  public RehearsedMigration withClients(int number) {
    if (number < 0 || number > 50) {
      throw new IllegalArgumentException("withClients(%d): 0 to 50".formatted(number));
    }
    return new RehearsedMigration(rehearsal, id, rows, uses, number);
  }

  private RehearsedMigration with(Use use) {
    List<Use> more = new ArrayList<>(uses);
    more.add(use);
    return new RehearsedMigration(rehearsal, id, rows, more, clients);
  }

  /**
   * Runs all phases, and measures.
   *
   * @return what each of them did
   * @throws RehearsalException if a phase fails, or is held by anything else than older releases
   */
  public RehearsalReport run() {
    StartingDatabase start = start();
    try (TestDatabase database = start.copy();
        Course course = Course.measured(start.setup(), database, id);
        Users users = new Users(database, uses);
        Clients sessions = new Clients(database, clients)) {
      PlannedMigration plan = course.plan();
      List<ClientReport> seen = new ArrayList<>();
      users.run(null, "the beginning");
      users.foresee();
      for (Stage stage = next(course, users, sessions, seen);
          stage != null;
          stage = next(course, users, sessions, seen)) {
        rehearsal.setup().progress().accept("%s: %s reached".formatted(id, stage.name()));
        users.run(stage.phase(), stage.name());
      }
      RehearsalReport report =
          new RehearsalReport(
              id,
              start.version(),
              rows.rows().entrySet().stream()
                  .map(it -> "%s: %s".formatted(it.getKey(), TextReport.count(it.getValue())))
                  .toList(),
              new ReportBuilder(plan).phases(course.stages(), course.watched().noted()),
              users.findings(),
              seen,
              Stream.of(start.warnings(), users.warnings()).flatMap(List::stream).toList(),
              List.of(),
              null);
      write(report);
      return report;
    }
  }

  private @Nullable Stage next(
      Course course, Users users, Clients sessions, List<ClientReport> seen) {
    if (clients > 0) {
      sessions.begin(users.throughout(course.reached(), course.upcoming()));
    }
    Stage stage = course.next();
    ClientReport report = sessions.end(stage == null ? "the end" : stage.name());
    if (stage != null && report != null) {
      seen.add(report);
    }
    return stage;
  }

  /** That of a run that has been, if there was one. */
  synchronized RehearsalReport report() {
    RehearsalReport known = report;
    if (known == null) {
      known = run();
      report = known;
    }
    return known;
  }

  /** The page of a run that has been gets what is learnt later. */
  private synchronized void know(UnaryOperator<RehearsalReport> more) {
    if (report != null) {
      report = more.apply(report);
      write(report);
    }
  }

  private void write(RehearsalReport written) {
    Path folder = rehearsal.setup().reports();
    if (folder == null) {
      return;
    }
    Path file = folder.resolve(id.replaceAll("[^\\p{Alnum}._-]", "_") + ".html");
    try {
      Files.createDirectories(folder);
      Files.writeString(file, written.toHtml());
    } catch (IOException ex) {
      throw new UncheckedIOException("the report cannot be written to " + file, ex);
    }
    rehearsal.setup().progress().accept("%s: report in %s".formatted(id, file.toUri()));
  }

  /**
   * Undoes it from each of its phases to its beginning, in a copy each.
   *
   * @return what came of it, phase by phase
   * @throws RehearsalException if a phase cannot be reached
   */
  public List<UndoResult> undo() {
    List<UndoResult> undone = new UndoRun(start(), id).run();
    know(it -> it.withUndone(undone));
    return undone;
  }

  /**
   * Kills the instance that works once in the middle of each phase, and has another one go on.
   *
   * @return what came of it
   * @throws RehearsalException if a phase cannot be reached where nobody is killed
   */
  public KillResult kill() {
    KillResult killed = new KillRun(start(), id).run();
    know(it -> it.withKilled(killed));
    return killed;
  }

  String id() {
    return id;
  }

  StartingDatabase start() {
    return rehearsal.start(id, rows);
  }
}
