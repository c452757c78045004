package dev.migrator.internal.engine.step;

import dev.migrator.internal.backfill.Contention;
import dev.migrator.internal.journal.Journal;
import dev.migrator.internal.lease.Lease;
import dev.migrator.internal.sql.Database;
import dev.migrator.status.Blocker;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who stands in the way of one step: noted in the journal, and in the log when it is somebody else
 * than before.
 */
public final class BlockerReporter implements Contention {

  private static final Logger logger = LoggerFactory.getLogger(BlockerReporter.class);

  private final Database database;

  private final Lease lease;

  private final Journal journal;

  private final String id;

  private final String step;

  private final Supplier<List<Blocker>> find;

  private List<Integer> known = List.of();

  BlockerReporter(
      Database database,
      Lease lease,
      Journal journal,
      String id,
      String step,
      Supplier<List<Blocker>> find) {
    this.database = database;
    this.lease = lease;
    this.journal = journal;
    this.id = id;
    this.step = step;
    this.find = find;
  }

  @Override
  public void met() {
    note(database.read(find));
  }

  @Override
  public void over() {
    note(List.of());
  }

  private void note(List<Blocker> blockers) {
    if (blockers.isEmpty() && known.isEmpty()) {
      return;
    }
    database.inTransaction(
        () -> {
          lease.check();
          journal.steps().blocked(id, step, blockers);
        });
    List<Integer> pids = blockers.stream().map(Blocker::pid).sorted().toList();
    if (!pids.equals(known) && !pids.isEmpty()) {
      logger.warn("{}: {} waits for {}", id, step, describe(blockers));
    }
    known = pids;
  }

  public static String describe(List<Blocker> blockers) {
    return blockers.stream()
        .map(
            it ->
                "pid %d %s (%s, transaction open since %s)"
                    .formatted(it.pid(), it.application(), it.state(), it.transactionStart()))
        .collect(Collectors.joining("; "));
  }
}
