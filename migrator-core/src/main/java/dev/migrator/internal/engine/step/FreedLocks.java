package dev.migrator.internal.engine.step;

import dev.migrator.internal.catalog.LockHolders;
import dev.migrator.internal.catalog.LockHolders.Session;
import dev.migrator.internal.sql.Database;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Looks, during a pause between two attempts, whether those who were in the way have gone, so that
 * the pause can end then. Asks for no lock, so that nobody queues behind a look.
 *
 * <p>Why the application does not wait more often because of this: every attempt may make it wait
 * for the lock budget, and the pauses between them keep that rare. So this ends a pause only if
 *
 * <ul>
 *   <li>nobody holds a lock in the way, or at least nobody who held one at the look before. What
 *       the attempt then queues behind are transactions younger than that, as there are in any busy
 *       application, and not the one for which the attempts were in vain; a stream of long
 *       transactions that overlap never ends a pause.
 *   <li>the attempt is one that was to be made anyway: it takes the place of the next one, and does
 *       not come in addition. The one behind it is due a whole pause after the moment at which it
 *       would have been, and does not come before that moment, even if everybody has gone by then
 *       ({@link LockAttempts#early()}). So there are never more attempts than pauses that are over,
 *       and one.
 * </ul>
 *
 * <p>Most looks ask only for the sessions of which it is known that they are in the way. Where the
 * role may not see since when these are in a transaction, and for a prepared transaction, which has
 * no session, they ask for all locks, which takes longer the more there are; then they are as much
 * rarer, so that they never keep the server busy for more than a twentieth of the time.
 */
public final class FreedLocks {

  private static final Logger logger = LoggerFactory.getLogger(FreedLocks.class);

  private static final int SHARE = 20;

  private final Database database;

  private final Supplier<LockHolders> find;

  private final Duration usual;

  private @Nullable LockHolders holders;

  /** From when on a pause may end early. */
  private long from;

  private long next;

  private Duration pause;

  /** Who was in the way at the last look at all locks; {@code null} before the first. */
  private @Nullable Set<String> before;

  private long looked;

  /** Those of them that the role can see. */
  private Set<Session> sessions = Set.of();

  FreedLocks(Database database, Supplier<LockHolders> find, Duration usual) {
    this.database = database;
    this.find = find;
    this.usual = usual;
    this.pause = usual;
  }

  /**
   * Begins with a pause.
   *
   * @param from before that moment it does not end early
   */
  public void begin(long from) {
    this.from = from;
    this.next = System.nanoTime() + pause.toNanos();
  }

  /** Makes the next look due at once. */
  void now() {
    next = System.nanoTime();
  }

  /** How long until the next look. */
  Duration untilNext() {
    long now = System.nanoTime();
    return Duration.ofNanos(Math.max(0, Math.max(from - now, next - now)));
  }

  /** Looks, if a look is due. */
  boolean areFree() {
    long start = System.nanoTime();
    if (start - from < 0 || start - next < 0) {
      return false;
    }
    try {
      return database.read(this::look);
    } catch (DataAccessException | TransactionException ex) {
      // No connection, for example: the pause ends by itself.
      logger.debug("nobody could look who is in the way", ex);
      return false;
    } finally {
      long now = System.nanoTime();
      pause = Duration.ofNanos(Math.max(usual.toNanos(), (now - start) * SHARE));
      next = now + pause.toNanos();
    }
  }

  private boolean look() {
    LockHolders of = holders;
    if (of == null) {
      of = find.get();
      holders = of;
    }
    if (!sessions.isEmpty() && of.isAnyOpen(sessions)) {
      return false;
    }
    Map<String, @Nullable Session> found = of.read();
    long now = System.nanoTime();
    // Of who came since a look long ago it is not known how long they are there.
    boolean lately = before != null && now - looked < 2 * pause.toNanos();
    Set<String> stayed = new HashSet<>(found.keySet());
    stayed.retainAll(before == null ? Set.of() : before);
    before = Set.copyOf(found.keySet());
    looked = now;
    sessions =
        stayed.stream()
            .map(found::get)
            .flatMap(Stream::ofNullable)
            .collect(Collectors.toUnmodifiableSet());
    return found.isEmpty() || (lately && stayed.isEmpty());
  }
}
