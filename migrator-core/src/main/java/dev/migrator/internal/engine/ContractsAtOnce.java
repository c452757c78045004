package dev.migrator.internal.engine;

import dev.migrator.Phase;
import dev.migrator.error.MigratorException;
import dev.migrator.internal.engine.step.ShapeChanges;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.plan.Decision;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.plan.Fleet;
import dev.migrator.internal.plan.Recorded;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.SqlState;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Contracts several migrations whose tables never had a row in one transaction, where nobody waits
 * for their tables: this instance does not serve, and no other one lives nor can register until it
 * ends. An instance that serves keeps the tables of one migration at a time, as its own code wants
 * them, too: see {@link EmptyTablesContract}.
 */
final class ContractsAtOnce {

  private static final Logger logger = LoggerFactory.getLogger(ContractsAtOnce.class);

  private final Database database;

  private final Collection<Declaration> declarations;

  private final EmptyTablesContract contract;

  private final OneTransactionExecutor alone;

  private final ShapeChanges shapes;

  private final SeveralAtOnce several;

  private final BiFunction<String, Snapshot, Decision> decide;

  /**
   * Makes it.
   *
   * @param declarations all, in their order
   */
  ContractsAtOnce(
      Database database,
      Collection<Declaration> declarations,
      EmptyTablesContract contract,
      OneTransactionExecutor alone,
      ShapeChanges shapes,
      SeveralAtOnce several,
      BiFunction<String, Snapshot, Decision> decide) {
    this.database = database;
    this.declarations = declarations;
    this.contract = contract;
    this.alone = alone;
    this.shapes = shapes;
    this.several = several;
    this.decide = decide;
  }

  /**
   * Tries those that are due. What keeps it is not told of any of them: each is tried by itself
   * then, which tells what is wrong with it.
   *
   * @param care of what something is to be made anew before
   * @return whether they were tried, in vain or not: what is known may be old by now
   */
  boolean run(Set<String> care, Snapshot snapshot) {
    if (alone.isServing()) {
      return false;
    }
    List<Declaration> open =
        declarations.stream()
            .filter(it -> contract.isOpen(it) && several.mayFit(it) && !care.contains(it.id()))
            .filter(it -> isDue(snapshot.get(it.id()), decide.apply(it.id(), snapshot)))
            .limit(SeveralAtOnce.MOST)
            .toList();
    if (open.size() < 2) {
      return false;
    }
    try {
      if (!alone.isAlone()) {
        return false;
      }
      attempt(open);
    } catch (MigratorException ex) {
      logger.info("no contracts in one transaction: {}", ex.getMessage());
    } catch (DataAccessException | TransactionException ex) {
      if (SqlState.isConnectionLost(ex)) {
        throw ex; // of an outage one part tells for all
      }
      logger.info("no contracts in one transaction: {}", SqlState.describe(ex));
    }
    return true;
  }

  private void attempt(List<Declaration> open) {
    List<Declaration> due =
        database.inTransaction(
            () -> database.planningOnce(() -> open.stream().filter(contract::isEmpty).toList()));
    if (due.size() < 2 || !shapes.isProtected(due.get(0).id(), false)) {
      return;
    }
    AtomicReference<Fleet> fleet = new AtomicReference<>();
    several.run(
        due,
        null,
        () -> fleet.set(alone.begin()),
        it -> contract.attempt(it, Objects.requireNonNull(fleet.get()), it == due.get(0)));
  }

  private static boolean isDue(@Nullable Recorded recorded, Decision decision) {
    return recorded != null
        && recorded.begun() != Phase.CONTRACT
        && decision instanceof Decision.Advance advance
        && advance.phase() == Phase.CONTRACT;
  }
}
