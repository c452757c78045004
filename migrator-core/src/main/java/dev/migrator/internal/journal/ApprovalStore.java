package dev.migrator.internal.journal;

import dev.migrator.Phase;
import dev.migrator.internal.json.Json;
import dev.migrator.internal.sql.Database;
import java.util.Map;
import java.util.Optional;

/** The plans that were approved and have begun. */
public final class ApprovalStore {

  private final Database database;

  private final String instance;

  public ApprovalStore(Database database, String instance) {
    this.database = database;
    this.instance = instance;
  }

  /**
   * Notes that a plan begins.
   *
   * @param covered how far it takes which migrations
   */
  public void add(String fingerprint, Map<String, Phase> covered) {
    database.inTransaction(
        () ->
            database
                .jdbc()
                .sql(
                    """
                    INSERT INTO migrator.approval (fingerprint, instance, migrations)
                    VALUES (:fingerprint, :instance, :migrations::jsonb)
                    ON CONFLICT (fingerprint) DO NOTHING
                    """)
                .param("fingerprint", fingerprint)
                .param("instance", instance)
                .param("migrations", Json.write(covered))
                .update());
  }

  /** What one covers that has begun; empty if none has with that fingerprint. */
  public Optional<Map<String, Phase>> find(String fingerprint) {
    return database.read(
        () ->
            database
                .jdbc()
                .sql("SELECT migrations FROM migrator.approval WHERE fingerprint = ?")
                .param(fingerprint)
                .query(String.class)
                .optional()
                .map(it -> Json.readMap(it, Phase.class)));
  }
}
