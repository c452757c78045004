package dev.migrator.internal.journal;

import dev.migrator.Phase;
import dev.migrator.internal.json.Json;
import dev.migrator.internal.operation.OperationFacts;
import dev.migrator.internal.plan.Recorded;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.step.Step;
import dev.migrator.status.MigrationEvent.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The records of a migration that went through its phases in one transaction: the same as if they
 * had been reached one by one, written at once.
 */
public final class OneTransactionRecord {

  private static final String DETAIL = "in one transaction";

  private final Database database;

  private final String instance;

  private final String release;

  OneTransactionRecord(Database database, String instance, String release) {
    this.database = database;
    this.instance = instance;
    this.release = release;
  }

  /**
   * Records a migration that the journal knows nothing of, in the transaction that carries it out.
   *
   * @param table the first table, quoted
   * @param operations what this release declares
   * @param reached the last phase that is reached
   * @param steps the steps that are done, in their order
   */
  public void write(
      String id, String table, List<OperationFacts> operations, Phase reached, List<Step> steps) {
    write(
        """
        INSERT INTO migrator.migration (id, table_name, operations, begun, phase, since, settled)
        VALUES (:id, :table, :operations::jsonb, :phase, :phase, now(), :settled)
        """,
        new Migration(id, table, upTo(operations, reached), reached),
        steps,
        lines(Phase.EXPAND, reached, steps));
  }

  /**
   * Records that nothing is left to do of a migration that has reached all phases but the last, in
   * the transaction that carries that out.
   *
   * @param operations what this release declares
   * @param steps the steps that are done, in their order
   */
  public void completed(String id, List<OperationFacts> operations, List<Step> steps) {
    List<Line> lines = lines(Phase.CONTRACT, Phase.CONTRACT, steps);
    lines.add(new Line(Kind.COMPLETED, null, null));
    write(
        """
        UPDATE migrator.migration
           SET operations = :operations::jsonb, begun = :phase, phase = :phase, since = now(),
               settled = :settled, completed = true
         WHERE id = :id
        """,
        new Migration(id, "", upTo(operations, Phase.CONTRACT), Phase.CONTRACT),
        steps,
        lines);
  }

  private void write(String sql, Migration migration, List<Step> steps, List<Line> lines) {
    database
        .jdbc()
        .sql(
            """
            WITH migration AS (
            %s),
            step AS (
              INSERT INTO migrator.step (migration_id, name, phase, position, state, attempts, instance,
                                         started_at, finished_at, definition, seal)
              SELECT :id, s.name, s.phase, s.position, 'DONE', 1, :instance, now(), clock_timestamp(), s.definition::jsonb, %s
                FROM ROWS FROM (pg_catalog.unnest(:names::text[]), pg_catalog.unnest(:namePhases::text[]),
                                pg_catalog.unnest(:definitions::text[])) WITH ORDINALITY AS s (name, phase, definition, position))
            INSERT INTO migrator.event (instance, release, migration_id, kind, phase, step, detail)
            SELECT :instance, :release, :id, e.kind, e.phase, e.step, :detail
              FROM ROWS FROM (pg_catalog.unnest(:kinds::text[]), pg_catalog.unnest(:phases::text[]),
                              pg_catalog.unnest(:steps::text[])) WITH ORDINALITY AS e (kind, phase, step, number)
             ORDER BY e.number
            """
                .formatted(sql, Seal.ofStep(":id", "s.name", "s.definition::jsonb")))
        .param("id", migration.id())
        .param("table", migration.table())
        .param("operations", Json.write(migration.operations()))
        .param("phase", migration.reached().name())
        .param("settled", migration.isSettled())
        .param("instance", instance)
        .param("release", release)
        .param("names", texts(steps, Step::name))
        .param("namePhases", texts(steps, it -> it.phase().name()))
        .param("definitions", texts(steps, Json::write))
        .param("detail", DETAIL)
        .param("kinds", texts(lines, it -> it.kind().name()))
        .param("phases", texts(lines, it -> (it.phase() == null) ? null : it.phase().name()))
        .param("steps", texts(lines, Line::step))
        .update();
  }

  private static List<OperationFacts> upTo(List<OperationFacts> operations, Phase reached) {
    return operations.stream().map(it -> it.upTo(reached)).toList();
  }

  private static <T> @Nullable String[] texts(List<T> all, Function<T, @Nullable String> text) {
    return all.stream().map(text).toArray(String[]::new);
  }

  private static List<Line> lines(Phase first, Phase reached, List<Step> steps) {
    List<Line> lines = new ArrayList<>();
    for (Phase phase : Phase.values()) {
      if (phase.includes(first) && reached.includes(phase)) {
        lines.add(new Line(Kind.PHASE_BEGUN, phase, null));
        steps.stream()
            .filter(it -> it.phase() == phase)
            .forEach(it -> lines.add(new Line(Kind.STEP_DONE, phase, it.name())));
        lines.add(new Line(Kind.PHASE_REACHED, phase, null));
      }
    }
    return lines;
  }

  private record Line(Kind kind, @Nullable Phase phase, @Nullable String step) {}

  /** What is recorded of the migration itself. */
  private record Migration(
      String id, String table, List<OperationFacts> operations, Phase reached) {

    boolean isSettled() {
      return !Recorded.nothing(id).declaring(operations).at(reached).isUnsettled();
    }
  }
}
