package dev.migrator.test.rehearsal;

import dev.migrator.Phase;
import dev.migrator.plan.PlannedMigration;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.rehearsal.Course.Stage;
import java.util.ArrayList;
import java.util.List;

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

  RehearsedMigration(Rehearsal rehearsal, String id, WantedRows rows, List<Use> uses) {
    this.rehearsal = rehearsal;
    this.id = id;
    this.rows = rows;
    this.uses = List.copyOf(uses);
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
    return new RehearsedMigration(rehearsal, id, rows.withRows(table, number), uses);
  }

  /**
   * Gives the values of a column in the rows that are made.
   *
   * @param column with its table, such as {@code users.kind}
   * @param expression SQL, in which {@code i} is the number of the row from 0
   * @return another rehearsal
   */
  public RehearsedMigration withColumn(String column, String expression) {
    return new RehearsedMigration(rehearsal, id, rows.withColumn(column, expression), uses);
  }

  /**
   * Adds statements of the releases that run before the migration. They have to work from the
   * beginning to the last phase before CONTRACT, which waits until no such release is left.
   *
   * @param statements SQL, with values instead of parameters
   * @return another rehearsal
   */
  public RehearsedMigration usedBy(String... statements) {
    return with(Use.before(statements));
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
    return with(Use.from(phase, statements));
  }

  private RehearsedMigration with(Use use) {
    List<Use> more = new ArrayList<>(uses);
    more.add(use);
    return new RehearsedMigration(rehearsal, id, rows, more);
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
        Course course = Course.of(rehearsal.setup(), database, id);
        Users users = new Users(database, uses)) {
      PlannedMigration plan = course.plan();
      users.run(null, "the beginning");
      for (Stage stage = course.next(); stage != null; stage = course.next()) {
        rehearsal.setup().progress().accept("%s: %s reached".formatted(id, stage.name()));
        users.run(stage.phase(), stage.name());
      }
      RehearsalReport report =
          new RehearsalReport(
              id,
              start.version(),
              rows.rows().entrySet().stream()
                  .map(it -> "%s: %,d rows".formatted(it.getKey(), it.getValue()))
                  .toList(),
              new ReportBuilder(plan).phases(course.stages(), course.watched().noted()),
              users.findings(),
              warnings(start));
      return report;
    }
  }

  private List<String> warnings(StartingDatabase start) {
    Integer production = rehearsal.setup().production();
    return (production == null || production == start.majorVersion())
        ? List.of()
        : List.of(
            "production has PostgreSQL %d, and this was rehearsed on %d: locks and what is written anew may differ"
                .formatted(production, start.majorVersion()));
  }

  String id() {
    return id;
  }

  Rehearsal rehearsal() {
    return rehearsal;
  }

  StartingDatabase start() {
    return rehearsal.start(id, rows);
  }
}
