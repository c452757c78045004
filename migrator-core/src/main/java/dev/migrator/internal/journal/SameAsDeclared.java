package dev.migrator.internal.journal;

import dev.migrator.Phase;
import dev.migrator.internal.json.Json;
import dev.migrator.internal.operation.OperationFacts;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Digest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Notes which records are the same as what a release declares, so that its next start takes what it
 * declares in their place, and reads none of them. A start with nothing to do so needs no JSON,
 * which takes longer than all else in a JVM that has read none yet.
 *
 * <p>It is a cache and nothing else. What is noted is a digest of both, of what is declared and of
 * the record as it stands there. Another declaration has another digest, and so has a record that
 * was written since, by whichever version of the library: then it is read, and all is decided as if
 * nothing had been noted.
 */
public final class SameAsDeclared {

  private static final Logger logger = LoggerFactory.getLogger(SameAsDeclared.class);

  /** To be changed with what the digest is made of. */
  private static final String FORM = "1";

  private static final int BYTES = 32;

  private static final Duration LOCK = Duration.ofMillis(100);

  private static final Duration STATEMENT = Duration.ofSeconds(5);

  private final Map<String, List<OperationFacts>> declared;

  private final Map<String, String> news = new TreeMap<>();

  /**
   * Of a release.
   *
   * @param declared what it declares, by the id of the migration
   */
  public SameAsDeclared(Map<String, List<OperationFacts>> declared) {
    this.declared = declared;
  }

  /**
   * The operations of a record.
   *
   * @param begun the last phase that was begun
   * @param record as it stands in the journal
   * @param noted what was noted of it
   */
  public List<OperationFacts> operations(
      String id, @Nullable Phase begun, String record, @Nullable String noted) {
    List<OperationFacts> own = declared(id, begun);
    String digest = Digest.of(new DigestText().add(FORM).add(own).add(record).toString(), BYTES);
    if (digest.equals(noted)) {
      return own;
    }
    List<OperationFacts> read = Json.readList(record, OperationFacts.class);
    if (read.equals(own)) {
      news.put(id, digest);
    }
    return read;
  }

  /** As far as it would be recorded; empty if nothing would. */
  private List<OperationFacts> declared(String id, @Nullable Phase begun) {
    List<OperationFacts> recorded = new ArrayList<>();
    if (begun != null) {
      for (OperationFacts operation : declared.getOrDefault(id, List.of())) {
        recorded.add(operation.upTo(begun));
      }
    }
    return recorded;
  }

  /** What was found and is not noted yet, by the id of the migration. */
  public Map<String, String> news() {
    return news;
  }

  /**
   * Notes it, but of what is being changed at this moment, which the next start notes. So it does
   * if nothing can be noted: a start that needs to write nothing there must not fail for it.
   */
  public void note(Database database) {
    try {
      // By READ COMMITTED, whatever the database sets: others may note the same at this moment.
      database.inTransaction(
          () -> {
            database.limits(LOCK, STATEMENT);
            write(database);
          });
    } catch (DataAccessException | TransactionException ex) {
      logger.debug("what is recorded as declared could not be noted", ex);
    }
  }

  private void write(Database database) {
    database
        .jdbc()
        .sql(
            """
            UPDATE migrator.migration m SET same_as = found.digest
              FROM ROWS FROM (pg_catalog.unnest(:ids::text[]), pg_catalog.unnest(:digests::text[])) AS found (id, digest)
             WHERE m.id = found.id
               AND m.id IN (SELECT free.id FROM migrator.migration AS free WHERE free.id = ANY (:ids)
                               FOR NO KEY UPDATE SKIP LOCKED)
            """)
        .param("ids", news.keySet().toArray(new String[0]))
        .param("digests", news.values().toArray(new String[0]))
        .update();
  }
}
