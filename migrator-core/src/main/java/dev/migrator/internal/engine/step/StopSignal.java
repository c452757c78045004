package dev.migrator.internal.engine.step;

import dev.migrator.internal.backfill.Interruption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Tells the working thread to end or to look again, and lets it wait in between. */
public final class StopSignal implements Interruption {

  private final ReentrantLock lock = new ReentrantLock();

  private final Condition changed = lock.newCondition();

  private boolean stopped;

  private boolean woken;

  @Override
  public boolean isRequested() {
    lock.lock();
    try {
      return stopped;
    } finally {
      lock.unlock();
    }
  }

  public void stop() {
    lock.lock();
    try {
      stopped = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  public void reset() {
    lock.lock();
    try {
      stopped = false;
    } finally {
      lock.unlock();
    }
  }

  public void wake() {
    lock.lock();
    try {
      woken = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until told to stop or to look again, or until the time is over. */
  public void await(Duration limit) {
    long nanos = limit.toNanos();
    lock.lock();
    try {
      while (!stopped && !woken && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      woken = false;
    } catch (InterruptedException ex) {
      stopped = true;
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until told to stop or the time is over, whatever else happens. */
  public void pause(Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    lock.lock();
    try {
      long nanos = limit.toNanos();
      while (!stopped && nanos > 0) {
        changed.await(nanos, TimeUnit.NANOSECONDS);
        nanos = end - System.nanoTime();
      }
    } catch (InterruptedException ex) {
      stopped = true;
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }
}
