package dev.migrator.internal.fleet;

import dev.migrator.FleetListener;
import dev.migrator.error.ErrorCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this instance may serve.
 *
 * <p>A lease counts from the moment in which its renewal was sent, on this machine's own clocks,
 * which are never compared with others (see {@link LeaseWatch}). After a freeze the first look at
 * them says that it is over, before any heartbeat was tried.
 */
final class ServingState {

  private static final Logger logger = LoggerFactory.getLogger(ServingState.class);

  private final Notices notices;

  /** Guards the state and the order of the notices; never held during I/O. */
  private final Object change = new Object();

  private volatile State state = State.OUTSIDE;

  private volatile LocalLease lease = LocalLease.NONE;

  private volatile @Nullable String refusal;

  ServingState(Notices notices) {
    this.notices = notices;
  }

  /** Whether code of this instance may use the database now. */
  boolean mayServe() {
    return switch (state) {
      case OUTSIDE -> true; // The start comes before, and the end of the shutdown after.
      case MEMBER -> !lease.isOver();
      case PAUSED, REFUSED -> false;
    };
  }

  /** Why this instance must not serve any more; {@code null} if it may. */
  @Nullable String refusal() {
    return refusal;
  }

  boolean isRefused() {
    return state == State.REFUSED;
  }

  /** The lease was renewed in the database. */
  void renewed(LocalLease until) {
    synchronized (change) {
      lease = until;
      if (until.isOver()) {
        // This machine stood still between the answer and here.
        state = (state == State.OUTSIDE) ? State.PAUSED : state;
      } else if (state == State.PAUSED) {
        state = State.MEMBER;
        notices.send(FleetListener::resumed);
        logger.info("this instance may serve again");
      } else if (state == State.OUTSIDE) {
        state = State.MEMBER;
      }
    }
  }

  /** Stops serving if the lease is over. To be called often. */
  void watch() {
    if (lease.isOver()) {
      pause("its lease could not be renewed in time");
    }
  }

  void pause(String cause) {
    String reason = ErrorCode.LEASE_EXPIRED + ": " + cause;
    synchronized (change) {
      if (state != State.MEMBER) {
        return;
      }
      state = State.PAUSED;
      notices.send(it -> it.paused(reason));
    }
    logger.warn("this instance must not serve for the moment: {}", reason);
  }

  void refuse(String reason) {
    refusal = reason;
    synchronized (change) {
      state = State.REFUSED;
    }
    logger.error("this instance must not serve any more: {}", reason);
  }

  /** This instance leaves the fleet by itself. */
  void leave() {
    synchronized (change) {
      if (state != State.REFUSED) {
        state = State.OUTSIDE;
      }
    }
  }

  private enum State {
    OUTSIDE,
    MEMBER,
    PAUSED,
    REFUSED
  }
}
