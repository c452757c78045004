package dev.migrator.internal.fleet;

import dev.migrator.ReadSwitch;
import dev.migrator.error.ErrorCode;
import dev.migrator.internal.plan.Member.Reads;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Switches the reads of this instance to the new side when that is verified, and back when it is to
 * be dropped by an undo.
 *
 * <p>Why nobody reads a side that is dropped: an instance registers that it may read the new side
 * before it switches, and that it no longer reads the old one when no request can be left that had
 * asked before. The contract waits for the second; an undo waits until nobody registers the first.
 */
public final class ReadSwitches implements ReadSwitch {

  private static final Logger logger = LoggerFactory.getLogger(ReadSwitches.class);

  private final Registry registry;

  private final InstanceInfo self;

  private final Duration grace;

  /** Fixed by what this release declares. */
  private final Map<String, Boolean> fixed;

  /** The ids of the migrations that make a column. */
  private final Map<String, Map<String, Set<String>>> makers;

  private final Map<String, Side> sides = new ConcurrentHashMap<>();

  private volatile long looked = System.nanoTime();

  /**
   * Makes it, with the old side everywhere.
   *
   * @param fixed which side is read of those migrations that are not switched at runtime
   * @param atRuntime the ids of those that are
   * @param makers which migrations make a column
   */
  public ReadSwitches(
      Registry registry,
      InstanceInfo self,
      Duration grace,
      Map<String, Boolean> fixed,
      Set<String> atRuntime,
      Map<String, Map<String, Set<String>>> makers) {
    this.registry = registry;
    this.self = self;
    this.grace = grace;
    this.fixed = Map.copyOf(fixed);
    this.makers = Map.copyOf(makers);
    for (String id : atRuntime) {
      sides.put(id, new Side(false, true, 0));
    }
  }

  @Override
  public boolean readsNew(String migration) {
    Side atRuntime = sides.get(migration);
    if (atRuntime != null) {
      return atRuntime.readsNew;
    }
    Boolean side = fixed.get(migration);
    if (side == null) {
      throw new IllegalArgumentException(
          "%s: this release does not declare the migration \"%s\""
              .formatted(ErrorCode.READ_SWITCH_UNKNOWN, migration));
    }
    return side;
  }

  @Override
  public boolean readsNew(String table, String newColumn) {
    Set<String> found = makers.getOrDefault(table, Map.of()).getOrDefault(newColumn, Set.of());
    if (found.size() == 1) {
      return readsNew(found.iterator().next());
    }
    throw new IllegalArgumentException(
        found.isEmpty()
            ? "%s: no migration that this release declares makes the column \"%s\" of \"%s\""
                .formatted(ErrorCode.READ_SWITCH_UNKNOWN, newColumn, table)
            : "%s: more than one migration makes a column \"%s\" of a table \"%s\": ask by one of the ids %s"
                .formatted(
                    ErrorCode.READ_SWITCH_UNKNOWN,
                    newColumn,
                    table,
                    found.stream().sorted().toList()));
  }

  /**
   * Before this instance serves, or serves again: no request that has asked before counts. Each
   * switch is set once, so that a request which is under way all the same does not see it go back
   * and forth.
   */
  public synchronized void startAnew() {
    if (sides.isEmpty()) {
      return;
    }
    Set<String> switched = registry.switched(sides.keySet());
    for (String id : sides.keySet()) {
      boolean readsNew = switched.contains(id) && registry.announce(self, id);
      sides.put(id, new Side(readsNew, true, 0));
    }
    register(sides);
  }

  /** Looks often while there is something to switch, else with the heartbeat. */
  void lookIfDue(Duration heartbeat) {
    boolean unsettled = sides.values().stream().anyMatch(it -> !it.readsNew || !it.settled);
    if (!unsettled && System.nanoTime() - looked < heartbeat.toNanos()) {
      return;
    }
    try {
      looked = System.nanoTime();
      look();
    } catch (RuntimeException ex) {
      // It is looked up again; what is registered stays true meanwhile.
      logger.debug("which side to read could not be looked up", ex);
    }
  }

  private synchronized void look() {
    if (sides.isEmpty()) {
      return;
    }
    Set<String> switched = registry.switched(sides.keySet());
    for (Map.Entry<String, Side> entry : sides.entrySet()) {
      String id = entry.getKey();
      Side side = entry.getValue();
      if (switched.contains(id) && !side.readsNew) {
        if (registry.announce(self, id)) {
          entry.setValue(new Side(true, false, System.nanoTime()));
          logger.info("{}: reads use the new side from now on", id);
        }
      } else if (!switched.contains(id) && side.readsNew) {
        registerAndSet(id, new Side(false, false, System.nanoTime()));
        logger.info("{}: reads use the old side again", id);
      } else if (!side.settled && System.nanoTime() - side.since >= grace.toNanos()) {
        registerAndSet(id, new Side(side.readsNew, true, side.since));
      }
    }
  }

  /**
   * Registers first: should that fail, it is tried again, and nobody relies on what is not so yet.
   */
  private void registerAndSet(String id, Side side) {
    Map<String, Side> next = new HashMap<>(sides);
    next.put(id, side);
    register(next);
    sides.put(id, side);
  }

  private void register(Map<String, Side> all) {
    Map<String, Reads> reads = new HashMap<>();
    all.forEach(
        (id, side) -> {
          if (!side.settled) {
            reads.put(id, Reads.BOTH);
          } else if (side.readsNew) {
            reads.put(id, Reads.NEW);
          }
        });
    registry.reads(self, reads);
  }

  /**
   * Which side is read.
   *
   * @param settled whether no request can be left that had asked before the switch
   * @param since when it switched, by {@link System#nanoTime()}
   */
  private record Side(boolean readsNew, boolean settled, long since) {}
}
