package dev.migrator.internal.journal;

import dev.migrator.internal.json.Json;
import dev.migrator.internal.operation.OperationFacts;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.step.Step;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The records of SQL files that ran one behind the other in one transaction: the same as if each
 * had run in its own, written at once.
 */
public final class FilesRecord {

  private final Database database;

  private final String instance;

  private final String release;

  FilesRecord(Database database, String instance, String release) {
    this.database = database;
    this.instance = instance;
    this.release = release;
  }

  /**
   * A file that has run, and that the journal knows nothing of.
   *
   * @param id its migration
   * @param operations what this release declares
   * @param step its only step
   * @param effect what it has changed; {@code null} if nothing
   * @param begin when it began, by {@link System#nanoTime()}
   * @param end when it was done
   */
  public record Ran(
      String id,
      List<OperationFacts> operations,
      Step step,
      @Nullable String effect,
      long begin,
      long end) {}

  /** Records them in their order, in the transaction in which they ran. */
  public void write(List<Ran> files) {
    long now = System.nanoTime();
    database
        .jdbc()
        .sql(
            """
            WITH ran AS MATERIALIZED (
              SELECT r.id, r.operations::jsonb AS operations, r.step, r.definition::jsonb AS definition, r.effect, r.number,
                     clock_timestamp() - r.began * interval '1 microsecond' AS started,
                     clock_timestamp() - r.ended * interval '1 microsecond' AS finished
                FROM ROWS FROM (pg_catalog.unnest(:ids::text[]), pg_catalog.unnest(:operations::text[]),
                                pg_catalog.unnest(:steps::text[]), pg_catalog.unnest(:definitions::text[]),
                                pg_catalog.unnest(:effects::text[]), pg_catalog.unnest(:begins::bigint[]),
                                pg_catalog.unnest(:ends::bigint[]))
                     WITH ORDINALITY AS r (id, operations, step, definition, effect, began, ended, number)),
            migration AS (
              -- They are read in the order of their making.
              INSERT INTO migrator.migration (id, table_name, operations, begun, phase, since, settled, created_at)
              SELECT id, '', operations, 'EXPAND', 'EXPAND', finished, true, now() + (number - 1) * interval '1 microsecond'
                FROM ran),
            step AS (
              INSERT INTO migrator.step (migration_id, name, phase, position, state, attempts, instance,
                                         started_at, finished_at, definition, seal)
              SELECT r.id, r.step, 'EXPAND', 1, 'DONE', 1, :instance, r.started, r.finished, r.definition, %s
                FROM ran r)
            INSERT INTO migrator.event (instance, release, migration_id, kind, phase, step, detail)
            SELECT :instance, :release, r.id, e.kind, 'EXPAND', e.step, e.detail
              FROM ran r, LATERAL (VALUES (1, 'EFFECT', NULL, r.effect),
                                          (2, 'PHASE_BEGUN', NULL, 'in one transaction'),
                                          (3, 'STEP_DONE', r.step, 'in one transaction'),
                                          (4, 'PHASE_REACHED', NULL, 'in one transaction')) AS e (number, kind, step, detail)
             WHERE e.detail IS NOT NULL
             ORDER BY r.number, e.number
            """
                .formatted(Seal.ofStep("r.id", "r.step", "r.definition")))
        .param("ids", texts(files, Ran::id))
        .param("operations", texts(files, it -> Json.write(it.operations())))
        .param("steps", texts(files, it -> it.step().name()))
        .param("definitions", texts(files, it -> Json.write(it.step())))
        .param("effects", texts(files, Ran::effect))
        .param("begins", files.stream().map(it -> (now - it.begin()) / 1_000).toArray(Long[]::new))
        .param("ends", files.stream().map(it -> (now - it.end()) / 1_000).toArray(Long[]::new))
        .param("instance", instance)
        .param("release", release)
        .update();
  }

  private static @Nullable String[] texts(List<Ran> files, Function<Ran, @Nullable String> text) {
    return files.stream().map(text).toArray(String[]::new);
  }
}
