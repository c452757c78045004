package dev.migrator.internal.engine;

import dev.migrator.error.MigratorException;
import dev.migrator.internal.engine.step.FileRefused;
import dev.migrator.internal.engine.step.PreconditionChanged;
import dev.migrator.internal.engine.step.ShapeChanges;
import dev.migrator.internal.engine.step.VerificationFailed;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.SqlState;
import dev.migrator.settings.MigratorSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Work on several migrations in one transaction: the server then plans each query of the catalog
 * once for all of them, and not once for each. Each is compared with the catalog behind those
 * before it, with its own tables locked, so it sees what it would see alone. No lock is kept for
 * longer than a SQL file may keep one: the transaction ends then, with what is done. Where one does
 * not fit, all of it is rolled back, and those before that one are done without it. An instance
 * that dies has done all of them or none.
 */
final class SeveralAtOnce {

  private static final Logger logger = LoggerFactory.getLogger(SeveralAtOnce.class);

  /** Each may lock some twenty relations, of which the server can keep a few thousand. */
  static final int MOST = 25;

  private final Database database;

  private final ShapeChanges shapes;

  /** After what time no other one is begun. */
  private final Duration limit;

  private final BooleanSupplier ended;

  /** Those that do not fit. */
  private final Set<String> misfits = new HashSet<>();

  /**
   * Makes it.
   *
   * @param ended whether this instance is to end, or to let another one lead
   */
  SeveralAtOnce(
      Database database, ShapeChanges shapes, MigratorSettings settings, BooleanSupplier ended) {
    // The announcement that a table gets other columns has to count still when it is committed.
    Duration announced = settings.fleet().leaseTime().dividedBy(8);
    Duration hold = settings.lock().hold();
    this.database = database;
    this.shapes = shapes;
    this.limit = (hold.compareTo(announced) < 0) ? hold : announced;
    this.ended = ended;
  }

  boolean mayFit(Declaration declaration) {
    return !misfits.contains(declaration.id());
  }

  /**
   * Does it.
   *
   * @param left what is done for each that the time does not suffice for, before those that are
   *     done are committed; {@code null} if those before one that does not fit may be done without
   *     looking at what comes behind it
   * @param begin what is done first in the transaction
   * @param work what is done for each; returns whether a table has got other columns
   * @return the first of them, which are done; none if nothing has changed
   */
  List<Declaration> run(
      List<Declaration> due,
      @Nullable Consumer<Declaration> left,
      Runnable begin,
      Predicate<Declaration> work) {
    List<Declaration> fitting = due;
    while (fitting.size() > 1) {
      List<Declaration> begun = new ArrayList<>();
      if (tries(fitting, begun, left, begin, work)) {
        return begun;
      }
      if (begun.isEmpty() || left != null) {
        return List.of();
      }
      Declaration misfit = begun.get(begun.size() - 1);
      misfits.add(misfit.id());
      fitting = fitting.subList(0, fitting.indexOf(misfit));
    }
    return List.of();
  }

  private boolean tries(
      List<Declaration> due,
      List<Declaration> begun,
      @Nullable Consumer<Declaration> left,
      Runnable begin,
      Predicate<Declaration> work) {
    long start = System.nanoTime();
    try {
      database.inTransaction(
          () -> {
            begin.run();
            return database.planningOnce(() -> attempt(due, begun, left, work));
          });
    } catch (NotInOneTransaction
        | FileRefused
        | PreconditionChanged
        | VerificationFailed
        | MigratorException ex) {
      // If it is so alone as well, that says what is wrong.
      logger.debug("not in one transaction with others", ex);
      return false;
    } catch (DataAccessException | TransactionException ex) {
      if (SqlState.isConnectionLost(ex)) {
        throw ex;
      }
      logger.info("not in one transaction with others: {}", SqlState.describe(ex));
      return false;
    }
    logger.info(
        "{} migrations are as far as they may go in one transaction of {} ms: {}",
        begun.size(),
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start),
        begun.stream().map(Declaration::id).collect(Collectors.joining(", ")));
    return true;
  }

  private boolean attempt(
      List<Declaration> due,
      List<Declaration> begun,
      @Nullable Consumer<Declaration> left,
      Predicate<Declaration> work) {
    boolean reshapes = false;
    long giveUp = System.nanoTime() + limit.toNanos();
    for (Declaration declaration : due) {
      begun.add(declaration);
      reshapes |= work.test(declaration);
      if (System.nanoTime() - giveUp > 0 || ended.getAsBoolean()) {
        break;
      }
    }
    if (left != null) {
      due.stream().skip(begun.size()).forEach(left);
    }
    if (reshapes) {
      try {
        shapes.changed();
      } catch (PreconditionChanged ex) {
        begun.clear(); // it has taken too long, which is the fault of none
        throw ex;
      }
    }
    return true;
  }
}
