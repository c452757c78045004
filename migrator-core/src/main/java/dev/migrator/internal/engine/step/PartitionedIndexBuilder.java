package dev.migrator.internal.engine.step;

import dev.migrator.error.ErrorCode;
import dev.migrator.internal.catalog.Partition;
import dev.migrator.internal.catalog.PartitionedIndex;
import dev.migrator.internal.catalog.PartitionedIndexReader;
import dev.migrator.internal.lease.Lease;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.IndexName;
import dev.migrator.internal.sql.SqlState;
import dev.migrator.internal.sql.TableLock;
import dev.migrator.internal.step.ConcurrentIndexStep;
import dev.migrator.internal.step.PartitionedIndexStep;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Builds an index of a partitioned table. PostgreSQL cannot do that without blocking writes, but on
 * each partition it can. So each gets an index of its own, beside the running application; then one
 * short transaction makes the whole, for which the server takes those and builds nothing.
 *
 * <p>Whatever happened before, to this instance or another, the catalog tells what is left to do:
 * either the whole index is there, or it is not and the partitions say what they lack. There is
 * nothing in between, so no partition can be missed: that transaction has the table and all
 * partitions locked against writes, attaching and detaching, and looks again before it makes
 * anything. If one has come that lacks its index, it lets go, and that one is built as well. Once
 * the whole is there, the server itself gives its part to whatever is attached.
 *
 * <p>The lock is SHARE: reads never wait for it. Attaching the parts one by one to an index that is
 * not valid yet would lock the table's writers out, too, and the readers of each partition besides.
 */
public final class PartitionedIndexBuilder {

  private static final Logger logger = LoggerFactory.getLogger(PartitionedIndexBuilder.class);

  private final Database database;

  private final Lease lease;

  private final IndexBuilder indexes;

  private final LockedTransactions transactions;

  private final BooleanSupplier ends;

  private final PartitionedIndexReader reader;

  PartitionedIndexBuilder(
      Database database,
      Lease lease,
      IndexBuilder indexes,
      LockedTransactions transactions,
      BooleanSupplier ends) {
    this.database = database;
    this.lease = lease;
    this.indexes = indexes;
    this.transactions = transactions;
    this.ends = ends;
    this.reader = new PartitionedIndexReader(database);
  }

  /** Returns whether the index is there and that is recorded; not if told to end. */
  boolean build(String id, PartitionedIndexStep step, Runnable finish) {
    PartitionedIndex index = step.index();
    while (!ends.getAsBoolean()) {
      if (isThere(index)) {
        return finished(finish);
      }
      List<Partition> partitions = partitions(index);
      Partition next = partitions.stream().filter(this::lacks).findFirst().orElse(null);
      if (next != null) {
        if (!buildPart(id, step, next)) {
          return false;
        }
        logger.info(
            "{}: {} is built on {} of {} partitions",
            id,
            index.index().name(),
            partitions.stream().filter(it -> it.leaf() && !lacks(it)).count() + 1,
            partitions.stream().filter(Partition::leaf).count());
        continue;
      }
      try {
        return transactions.attempt(
            id,
            step.name(),
            List.of(new TableLock(index.on(), TableLock.Mode.SHARE)),
            () -> {
              makeWhole(index);
              finish.run();
            });
      } catch (PartitionCame ex) {
        logger.info("{}: a partition has come that lacks its part of {}", id, index.index().name());
      }
    }
    return false;
  }

  private boolean lacks(Partition partition) {
    return partition.leaf() && !partition.isReady();
  }

  private boolean isThere(PartitionedIndex index) {
    Optional<Boolean> valid =
        database.inTransaction(
            () -> {
              lease.check();
              return reader.isValid(index);
            });
    if (valid.isPresent() && !valid.get()) {
      throw new VerificationFailed(
          ErrorCode.INDEX_IN_THE_WAY, PartitionedIndex.notWhole(index.index(), index.on()));
    }
    return valid.isPresent();
  }

  private List<Partition> partitions(PartitionedIndex index) {
    return database.inTransaction(
        () -> {
          lease.check();
          return reader.partitions(index);
        });
  }

  /** Returns whether it is done, or not needed any longer; not if told to end. */
  private boolean buildPart(String id, PartitionedIndexStep step, Partition partition) {
    PartitionedIndex index = step.index();
    IndexName part = index.part(partition);
    Partition.Own own = partition.own(part).orElse(null);
    boolean foreign = (own == null) ? isTaken(part) : !own.alike();
    try {
      if (foreign && isStill(index, partition)) {
        throw new VerificationFailed(
            ErrorCode.INDEX_IN_THE_WAY,
            "the name %s, which the index of %s would get, is taken; rename what has it"
                .formatted(part.quoted(), partition));
      }
      return indexes.run(id, ConcurrentIndexStep.build(step.info(), part, index.build(partition)));
    } catch (DataAccessException ex) {
      // Dropped, detached or renamed meanwhile: the next look tells.
      if (SqlState.isUndefined(ex) && !isStill(index, partition)) {
        return true;
      }
      throw ex;
    }
  }

  private boolean isTaken(IndexName name) {
    return database.inTransaction(() -> reader.isTaken(name));
  }

  private boolean isStill(PartitionedIndex index, Partition partition) {
    return partitions(index).stream().anyMatch(it -> it.is(partition));
  }

  /** With everything locked against writes: what is built here would block them. */
  private void makeWhole(PartitionedIndex index) {
    Map<Long, Partition> partitions = new HashMap<>();
    for (Partition partition : reader.partitions(index)) {
      if (lacks(partition)) {
        throw new PartitionCame();
      }
      partitions.put(partition.oid(), partition);
    }
    database.execute(index.create());
    index.sayComment().forEach(database::execute);
    reader.parts(index.index()).forEach((table, part) -> check(index, partitions.get(table), part));
  }

  /** The server takes any index of the partition that differs at most in order and settings. */
  private void check(PartitionedIndex index, @Nullable Partition partition, Partition.Own part) {
    if (partition == null) {
      throw new PartitionCame();
    }
    if (!partition.leaf()) {
      IndexName name = index.part(partition);
      if (!part.name().equals(name.name())) {
        database.execute(new IndexName(partition.schema(), part.name()).rename(name.name()));
      }
      return;
    }
    boolean taken = partition.own().stream().anyMatch(it -> it.oid() == part.oid() && it.alike());
    if (!taken) {
      throw new VerificationFailed(
          ErrorCode.INDEX_IN_THE_WAY,
          "for its part on %s the server would take or build %s, which is another index; drop that one"
              .formatted(partition, part.name()));
    }
  }

  /**
   * Undoes it: the whole, within the lock budget, as that locks the readers out; and what was built
   * for it before there was a whole. Returns whether it is done; not if told to end.
   */
  boolean drop(String id, PartitionedIndexStep step, Runnable finish) {
    PartitionedIndex index = step.index();
    boolean there = database.inTransaction(() -> reader.isValid(index).isPresent());
    if (there
        && !transactions.attempt(
            id,
            step.name(),
            List.of(new TableLock(index.on(), TableLock.Mode.ACCESS_EXCLUSIVE)),
            () -> database.execute(index.drop()))) {
      return false;
    }
    return clear(id, step.name(), index) && finished(finish);
  }

  /** Drops parts that belong to no whole. Returns whether it is done; not if told to end. */
  private boolean clear(String id, String step, PartitionedIndex index) {
    for (Partition partition : partitions(index)) {
      IndexName part = index.part(partition);
      if (partition.leaf()
          && partition.own(part).isPresent()
          && !indexes.untilDone(id, step, part.drop())) {
        return false;
      }
    }
    return true;
  }

  private boolean finished(Runnable finish) {
    database.inTransaction(
        () -> {
          lease.check();
          finish.run();
        });
    return true;
  }

  /** One that lacks its index has been attached between the look and the lock. */
  private static final class PartitionCame extends RuntimeException {

    private static final long serialVersionUID = 1L;
  }
}
