package dev.migrator.internal.engine;

import dev.migrator.Phase;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.internal.Timings;
import dev.migrator.internal.catalog.Blockers;
import dev.migrator.internal.catalog.CatalogReader;
import dev.migrator.internal.catalog.LockHolders;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.engine.step.Backoff;
import dev.migrator.internal.engine.step.BlockerReporter;
import dev.migrator.internal.engine.step.Deadline;
import dev.migrator.internal.engine.step.FreedLocks;
import dev.migrator.internal.engine.step.LeaderPause;
import dev.migrator.internal.engine.step.StopSignal;
import dev.migrator.internal.journal.ExpressionStore;
import dev.migrator.internal.journal.Journal;
import dev.migrator.internal.lease.Lease;
import dev.migrator.internal.lease.LeaseLostException;
import dev.migrator.internal.operation.Operations;
import dev.migrator.internal.operation.Qualified;
import dev.migrator.internal.operation.ResolvedMigration;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.plan.Recorded;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.SqlState;
import dev.migrator.operation.Operation;
import dev.migrator.settings.SafetySettings;
import dev.migrator.status.Blocker;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Compares declarations with the database, for which the server may need to lock a table. There is
 * no step yet to note who is in the way of that, so it is said in the log.
 */
final class RetryingResolver {

  private static final Logger logger = LoggerFactory.getLogger(RetryingResolver.class);

  private final Database database;

  private final Lease lease;

  private final Journal journal;

  private final Deadline deadline;

  private final LeaderPause pause;

  private final Timings timings;

  private final ReplicationCheck replication;

  private final ExpressionStore expressions;

  private final Map<String, Map<String, String>> found = new ConcurrentHashMap<>();

  RetryingResolver(
      Database database,
      Lease lease,
      Journal journal,
      SafetySettings settings,
      StopSignal signal,
      Deadline deadline,
      Timings timings) {
    this.database = database;
    this.lease = lease;
    this.journal = journal;
    this.replication = new ReplicationCheck(database, settings);
    this.expressions = new ExpressionStore(database);
    this.pause = new LeaderPause(database, lease, signal, deadline, timings);
    this.deadline = deadline;
    this.timings = timings;
  }

  /**
   * Compares, for the leader.
   *
   * @param phase the phase that is to begin
   * @param first whether nothing of the migration has begun
   * @return empty if told to end or to yield while somebody was in the way
   * @throws InvalidMigrationException if it cannot be done as declared
   * @throws LeaseLostException if it cannot be done so, and another instance leads, which may have
   *     made what is in the way
   */
  Optional<ResolvedMigration> resolve(Declaration declaration, Phase phase, boolean first) {
    return resolve(
        declaration,
        phase,
        first,
        () -> {
          database.inTransaction(lease::check);
          return false;
        });
  }

  /**
   * Compares, for anybody. What another instance has made since the journal was read is not refused
   * as somebody's own. Why this is seen: who begins records it before or with the first change of
   * the catalog, so whoever sees such a change finds the record in a later look.
   *
   * @param phase the phase that is to begin
   * @param known what the journal said
   * @throws InvalidMigrationException if it cannot be done as declared
   */
  void compare(Declaration declaration, Phase phase, Recorded known) {
    String id = declaration.id();
    resolve(
        declaration,
        phase,
        known.begun() == null,
        () -> {
          Recorded now = database.read(() -> journal.only(id)).get(id);
          return now != null && known.hasMoved(now);
        });
  }

  /**
   * Compares.
   *
   * @param overtaken whether a refusal is of no account
   */
  private Optional<ResolvedMigration> resolve(
      Declaration declaration, Phase phase, boolean first, BooleanSupplier overtaken) {
    Backoff backoff = new Backoff(timings);
    FreedLocks freed =
        pause.looksAt(() -> LockHolders.ofReading(database, tables(declaration).toList()));
    while (true) {
      try {
        Qualified qualified = first ? Qualified.nothingKnown() : qualified(declaration.id());
        ResolvedMigration resolved =
            Operations.resolve(
                database, declaration.where(), declaration.migration(), first, qualified);
        found.put(declaration.id(), qualified.found());
        if (first) {
          database.inTransaction(() -> replication.check(declaration, resolved));
        }
        return Optional.of(resolved);
      } catch (InvalidMigrationException ex) {
        if (overtaken.getAsBoolean()) {
          return Optional.empty();
        }
        throw ex;
      } catch (DataAccessException ex) {
        if (!SqlState.isContention(ex)) {
          if (!SqlState.isConnectionLost(ex) && overtaken.getAsBoolean()) {
            return Optional.empty();
          }
          throw ex;
        }
        logger.warn(
            "{}: the steps of {} cannot be found while {} is locked; in the way: {}",
            declaration.id(),
            phase,
            declaration.tables(),
            describe(inTheWay(declaration)));
        // An attempt makes nobody wait who reads or writes, so it may be made early each time.
        freed.begin(System.nanoTime());
        if (!pause.until(System.nanoTime() + backoff.next().toNanos(), freed)
            || deadline.isOver()) {
          return Optional.empty();
        }
      }
    }
  }

  private Qualified qualified(String id) {
    return new Qualified(database.read(() -> expressions.read(id)));
  }

  /** Records what the expressions mean that were compared last, in the transaction of a phase. */
  void record(String id) {
    Map<String, String> last = found.getOrDefault(id, Map.of());
    if (!last.isEmpty()) {
      expressions.keep(id, last);
    }
  }

  private List<Blocker> inTheWay(Declaration declaration) {
    Blockers blockers = new Blockers(database);
    return database.inTransaction(
        () ->
            tables(declaration).flatMap(it -> blockers.ofReading(it).stream()).distinct().toList());
  }

  private Stream<Long> tables(Declaration declaration) {
    CatalogReader catalog = new CatalogReader(database);
    return declaration.migration().operations().stream()
        .map(Operation::table)
        .filter(Objects::nonNull)
        .distinct()
        .flatMap(it -> catalog.table(it).map(TableFacts::oid).stream());
  }

  private static String describe(List<Blocker> blockers) {
    return blockers.isEmpty() ? "nobody any longer" : BlockerReporter.describe(blockers);
  }
}
