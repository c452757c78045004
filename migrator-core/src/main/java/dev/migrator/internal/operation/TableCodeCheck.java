package dev.migrator.internal.operation;

import dev.migrator.error.ErrorCode;
import dev.migrator.internal.catalog.RowCodeReader;
import dev.migrator.internal.catalog.RowCodeReader.Use;
import dev.migrator.internal.catalog.TableFacts;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Code of the database that would fail, or make both sides differ, without a sign in the catalog.
 * It is found by reading it, and named before anything is changed.
 */
public final class TableCodeCheck {

  private static final Logger logger = LoggerFactory.getLogger(TableCodeCheck.class);

  private final Resolution resolution;

  private final RowCodeReader reader;

  TableCodeCheck(Resolution resolution) {
    this.resolution = resolution;
    this.reader = new RowCodeReader(resolution.database());
  }

  /** What depends on how many columns the table has. Where it is not certain, that is said. */
  public void beforeNewColumns(TableFacts table) {
    List<Use> whole =
        reader.ofWholeRow(table).stream()
            .filter(it -> it.plain().isEmpty() || !resolution.acknowledges(it.plain()))
            .toList();
    if (!whole.isEmpty()) {
      throw resolution.invalid(
          ErrorCode.ROW_BY_POSITION,
          "with one column more in %s, what looks at its whole row may reject, hide or find others than now: %s; name the columns there, and if a function is right as it is, declare acknowledgeFunction(\"schema.name\")"
              .formatted(table, described(whole)));
    }
    List<Use> uses = unknown(reader.byPosition(table));
    List<Use> certain = uses.stream().filter(Use::certain).toList();
    if (!certain.isEmpty()) {
      throw resolution.invalid(
          ErrorCode.ROW_BY_POSITION,
          "with one column more in %s, functions of the database would fail or store values in the wrong columns: %s; name the columns there, and if one is right as it is, declare acknowledgeFunction(\"schema.name\")"
              .formatted(table, described(certain)));
    }
    if (!uses.isEmpty()) {
      logger.warn(
          "{}: functions of the database take all columns of {}, which get one more; look whether they and their callers can: {}",
          resolution.where(),
          table,
          described(uses));
    }
  }

  /**
   * A trigger that writes one side by itself makes both count as given by the writer, so that
   * neither is computed.
   *
   * @param columns the old side
   */
  public void beforeKeepingInStep(TableFacts table, Set<String> columns) {
    List<Use> uses = unknown(reader.writing(table, columns));
    if (!uses.isEmpty()) {
      throw resolution.invalid(
          ErrorCode.WRITTEN_BY_TRIGGER,
          "BEFORE triggers of %s write the old side by themselves, so that both sides would differ for a release that writes the new one only: %s; let the writers or a default do that, and if it keeps what the release has written, declare acknowledgeFunction(\"schema.name\")"
              .formatted(table, described(uses)));
    }
    List<Use> readers = unknown(reader.reading(table, columns));
    if (!readers.isEmpty()) {
      logger.warn(
          "{}: BEFORE triggers of {} name the old side, which for a release that writes the new one only is computed behind them, so that they see what it was: {}; let them take the new column where it is given",
          resolution.where(),
          table,
          described(readers));
    }
  }

  /** Requires that triggers fire in the sessions that write. */
  public void requireFiringTriggers() {
    List<String> found =
        resolution
            .database()
            .jdbc()
            .sql(
                """
                SELECT format('%s of %s', coalesce('role "' || r.rolname || '"', 'every role'),
                              coalesce('database "' || d.datname || '"', 'every database'))
                  FROM pg_catalog.pg_db_role_setting s
                  LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
                  LEFT JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase
                 WHERE 'session_replication_role=replica' = ANY (s.setconfig)
                   AND (s.setdatabase = 0 OR d.datname = current_database())
                 ORDER BY 1
                """)
            .query(String.class)
            .list();
    if (!found.isEmpty()) {
      throw resolution.invalid(
          ErrorCode.TRIGGERS_SUPPRESSED,
          "session_replication_role is set to replica, so that the triggers which keep both sides in step would not fire in sessions of %s; reset it there, or declare byApplication()"
              .formatted(String.join("; ", found)));
    }
  }

  private List<Use> unknown(List<Use> uses) {
    return uses.stream()
        .filter(it -> !resolution.acknowledges(it.plain()) && !resolution.acknowledges(it.name()))
        .toList();
  }

  private static String described(List<Use> uses) {
    return uses.stream().map(Use::toString).collect(Collectors.joining("; "));
  }
}
