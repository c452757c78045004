package dev.migrator.internal.engine;

import dev.migrator.Phase;
import dev.migrator.internal.Timings;
import dev.migrator.internal.catalog.Blockers;
import dev.migrator.internal.catalog.CatalogReader;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.lease.Lease;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.SqlState;
import dev.migrator.status.Blocker;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Finds the steps of a phase, for which the server may need to lock the table. There is no step yet
 * to note who is in the way of that, so it is said in the log.
 */
final class RetryingResolver {

  private static final Logger logger = LoggerFactory.getLogger(RetryingResolver.class);

  private final Database database;

  private final Deadline deadline;

  private final LeaderPause pause;

  private final Resolver resolver;

  private final Timings timings;

  RetryingResolver(
      Database database, Lease lease, StopSignal signal, Deadline deadline, Timings timings) {
    this.database = database;
    this.pause = new LeaderPause(database, lease, signal, deadline, timings);
    this.deadline = deadline;
    this.resolver = new Resolver(database);
    this.timings = timings;
  }

  /** Empty if told to end or to give way while somebody was in the way. */
  Optional<PhaseSteps> work(Declaration declaration, Phase phase) {
    Backoff backoff = new Backoff(timings);
    while (true) {
      try {
        return Optional.of(resolver.work(declaration, phase));
      } catch (DataAccessException ex) {
        if (!SqlState.isContention(ex)) {
          throw ex;
        }
        logger.warn(
            "{}: the steps of {} cannot be found while {} is locked; in the way: {}",
            declaration.id(),
            phase,
            declaration.table(),
            describe(inTheWay(declaration)));
        if (!pause.until(System.nanoTime() + backoff.next().toNanos()) || deadline.isOver()) {
          return Optional.empty();
        }
      }
    }
  }

  private List<Blocker> inTheWay(Declaration declaration) {
    return database.inTransaction(
        () ->
            new CatalogReader(database)
                .table(declaration.table())
                .map(TableFacts::oid)
                .map(new Blockers(database)::ofReading)
                .orElse(List.of()));
  }

  private static String describe(List<Blocker> blockers) {
    return blockers.isEmpty() ? "nobody any longer" : BlockerReporter.describe(blockers);
  }
}
