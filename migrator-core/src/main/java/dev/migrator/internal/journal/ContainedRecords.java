package dev.migrator.internal.journal;

import dev.migrator.internal.json.Json;
import dev.migrator.internal.operation.ContainedDefinition;
import dev.migrator.internal.sql.Database;
import dev.migrator.operation.SqlFile.Contained;
import dev.migrator.status.MigrationEvent.Kind;
import java.util.List;
import java.util.function.Function;

/** The records of migrations that do not run, because a baseline has all they make. */
public final class ContainedRecords {

  private final Database database;

  private final EventLog events;

  ContainedRecords(Database database, EventLog events) {
    this.database = database;
    this.events = events;
  }

  /**
   * Records those of which nothing has begun, in the transaction that records the baseline.
   *
   * @param baseline its id
   * @return how many they are
   */
  public int write(String baseline, List<Contained> contains) {
    if (contains.isEmpty()) {
      return 0;
    }
    ContainedDefinition definition = new ContainedDefinition(baseline);
    int written =
        database
            .jdbc()
            .sql(
                """
                INSERT INTO migrator.migration AS m
                       (id, table_name, operations, begun, phase, since, completed, settled)
                SELECT c.id, '', c.operations::jsonb, c.phase, c.phase, now(), true, true
                  FROM ROWS FROM (pg_catalog.unnest(:ids::text[]), pg_catalog.unnest(:operations::text[]),
                                  pg_catalog.unnest(:phases::text[])) AS c (id, operations, phase)
                ON CONFLICT (id) DO UPDATE
                   SET operations = excluded.operations, begun = excluded.begun, phase = excluded.phase,
                       since = excluded.since, completed = true, settled = true, failure = NULL
                 WHERE m.begun IS NULL
                """)
            .param("ids", texts(contains, Contained::id))
            .param(
                "operations", texts(contains, it -> Json.write(definition.operations(it.phase()))))
            .param("phases", texts(contains, it -> it.phase().name()))
            .update();
    events.append(
        baseline,
        Kind.COMMAND,
        null,
        "BASELINE: of the %d migrations that it contains, %d are noted and not run"
            .formatted(contains.size(), written));
    return written;
  }

  private static String[] texts(List<Contained> contains, Function<Contained, String> text) {
    return contains.stream().map(text).toArray(String[]::new);
  }
}
