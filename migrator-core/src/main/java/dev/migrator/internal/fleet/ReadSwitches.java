package dev.migrator.internal.fleet;

import dev.migrator.ReadSwitch;
import dev.migrator.internal.plan.Member.Reads;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns the reads of this instance to the new side when it is proved, and back when it is to be
 * taken away.
 *
 * <p>Why nobody reads a side that is gone: an instance tells that it may read the new side before
 * it turns, and that it cannot read the old one when no request can be left that had asked before.
 * The contract waits for the second, an undo waits until nobody tells the first.
 */
public final class ReadSwitches implements ReadSwitch {

  private static final Logger logger = LoggerFactory.getLogger(ReadSwitches.class);

  private final Registry registry;

  private final InstanceInfo self;

  private final Duration grace;

  /** Fixed by what this release declares. */
  private final Map<String, Boolean> fixed;

  /** The id of the change that makes a column. */
  private final Map<MadeColumn, Set<String>> makers;

  private final Map<String, Turn> turns = new ConcurrentHashMap<>();

  private volatile long looked = System.nanoTime();

  /**
   * Makes it, with the old side everywhere.
   *
   * @param fixed which side is read of those changes that are not switched at runtime
   * @param atRuntime the ids of those that are
   * @param makers which changes make a column
   */
  public ReadSwitches(
      Registry registry,
      InstanceInfo self,
      Duration grace,
      Map<String, Boolean> fixed,
      Set<String> atRuntime,
      Map<MadeColumn, Set<String>> makers) {
    this.registry = registry;
    this.self = self;
    this.grace = grace;
    this.fixed = Map.copyOf(fixed);
    this.makers = Map.copyOf(makers);
    atRuntime.forEach(it -> turns.put(it, new Turn(false, true, 0)));
  }

  @Override
  public boolean readsNew(String migration) {
    Turn turn = turns.get(migration);
    if (turn != null) {
      return turn.readsNew;
    }
    Boolean side = fixed.get(migration);
    if (side == null) {
      throw new IllegalArgumentException(
          "this release does not declare the migration \"%s\"".formatted(migration));
    }
    return side;
  }

  @Override
  public boolean readsNew(String table, String newColumn) {
    Set<String> found = makers.getOrDefault(new MadeColumn(table, newColumn), Set.of());
    if (found.size() == 1) {
      return readsNew(found.iterator().next());
    }
    throw new IllegalArgumentException(
        found.isEmpty()
            ? "no migration that this release declares makes the column \"%s\" of \"%s\""
                .formatted(newColumn, table)
            : "more than one migration makes a column \"%s\" of a table \"%s\": ask by one of the ids %s"
                .formatted(newColumn, table, found.stream().sorted().toList()));
  }

  /**
   * Before this instance serves, or serves again: no request that has asked before counts. Each
   * switch turns once, so that a request which is under way all the same is not turned back and
   * forth.
   */
  public synchronized void startAnew() {
    if (turns.isEmpty()) {
      return;
    }
    Set<String> switched = registry.switched(turns.keySet());
    for (String id : turns.keySet()) {
      boolean readsNew = switched.contains(id) && registry.announce(self, id);
      turns.put(id, new Turn(readsNew, true, 0));
    }
    tell(turns);
  }

  /** Often as long as there is something to turn, else with the heartbeat. */
  void lookIfDue(Duration heartbeat) {
    boolean unsettled = turns.values().stream().anyMatch(it -> !it.readsNew || !it.settled);
    if (!unsettled && System.nanoTime() - looked < heartbeat.toNanos()) {
      return;
    }
    try {
      looked = System.nanoTime();
      look();
    } catch (RuntimeException ex) {
      // It is looked up again; what was told to the others stays true meanwhile.
      logger.debug("which side to read could not be looked up", ex);
    }
  }

  private synchronized void look() {
    if (turns.isEmpty()) {
      return;
    }
    Set<String> switched = registry.switched(turns.keySet());
    for (Map.Entry<String, Turn> entry : turns.entrySet()) {
      String id = entry.getKey();
      Turn turn = entry.getValue();
      if (switched.contains(id) && !turn.readsNew) {
        if (registry.announce(self, id)) {
          entry.setValue(new Turn(true, false, System.nanoTime()));
          logger.info("{}: reads use the new side from now on", id);
        }
      } else if (!switched.contains(id) && turn.readsNew) {
        tellAndSet(id, new Turn(false, false, System.nanoTime()));
        logger.info("{}: reads use the old side again", id);
      } else if (!turn.settled && System.nanoTime() - turn.since >= grace.toNanos()) {
        tellAndSet(id, new Turn(turn.readsNew, true, turn.since));
      }
    }
  }

  /** Told first: should that fail, it is tried again, and nobody relies on what is not so yet. */
  private void tellAndSet(String id, Turn turn) {
    Map<String, Turn> next = new HashMap<>(turns);
    next.put(id, turn);
    tell(next);
    turns.put(id, turn);
  }

  private void tell(Map<String, Turn> all) {
    Map<String, Reads> reads = new HashMap<>();
    all.forEach(
        (id, turn) -> {
          if (!turn.settled) {
            reads.put(id, Reads.BOTH);
          } else if (turn.readsNew) {
            reads.put(id, Reads.NEW);
          }
        });
    registry.reads(self, reads);
  }

  /**
   * A column that a change makes.
   *
   * @param table the name of its table, in whichever schema
   * @param column its name
   */
  public record MadeColumn(String table, String column) {}

  /**
   * Which side is read.
   *
   * @param settled whether no request can be left that had asked before the turn
   * @param since when it turned, as {@link System#nanoTime()} tells it
   */
  private record Turn(boolean readsNew, boolean settled, long since) {}
}
