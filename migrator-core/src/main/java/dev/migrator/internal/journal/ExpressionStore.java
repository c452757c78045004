package dev.migrator.internal.journal;

import dev.migrator.internal.json.Json;
import dev.migrator.internal.sql.Database;
import java.util.HashMap;
import java.util.Map;

/**
 * What the expressions of a migration meant when it began. What somebody has written there who may
 * not is as if nothing were there. To be used in transactions.
 */
public final class ExpressionStore {

  private final Database database;

  public ExpressionStore(Database database) {
    this.database = database;
  }

  /** What is known of a migration. */
  public Map<String, String> read(String id) {
    return database
        .jdbc()
        .sql(
            """
            SELECT m.expressions::text FROM migrator.migration m WHERE m.id = ? AND m.seal = %s
            """
                .formatted(Seal.ofExpressions("m.id", "m.expressions")))
        .param(id)
        .query(String.class)
        .optional()
        .map(it -> Json.readMap(it, String.class))
        .orElse(Map.of());
  }

  /** Adds to it. */
  public void keep(String id, Map<String, String> more) {
    Map<String, String> all = new HashMap<>(read(id));
    all.putAll(more);
    database
        .jdbc()
        .sql(
            """
            UPDATE migrator.migration SET expressions = :all::jsonb, seal = %s WHERE id = :id
            """
                .formatted(Seal.ofExpressions(":id", ":all::jsonb")))
        .param("all", Json.write(all))
        .param("id", id)
        .update();
  }
}
