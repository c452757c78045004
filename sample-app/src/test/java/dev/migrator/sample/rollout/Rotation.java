package dev.migrator.sample.rollout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The instances that get requests, as a load balancer keeps them. */
final class Rotation {

  private final List<AppInstance> serving = new ArrayList<>();

  private final Map<AppInstance, Integer> inFlight = new HashMap<>();

  synchronized void add(AppInstance instance) {
    serving.add(instance);
    inFlight.put(instance, 0);
  }

  /** Sends the instance no more requests, and waits for those it has. */
  synchronized void remove(AppInstance instance, Duration limit) throws InterruptedException {
    serving.remove(instance);
    long deadline = System.nanoTime() + limit.toNanos();
    while (inFlight.getOrDefault(instance, 0) > 0) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        throw new DeployException(instance + " still has requests after " + limit);
      }
      wait(left);
    }
    inFlight.remove(instance);
  }

  synchronized List<AppInstance> serving() {
    return List.copyOf(serving);
  }

  /** Any instance, for one request. */
  synchronized Turn take() {
    return turnOf(serving);
  }

  /** An instance of another release; if there is none, another instance. */
  synchronized Turn takeOther(AppInstance than) {
    List<AppInstance> otherRelease =
        serving.stream().filter(instance -> instance.release() != than.release()).toList();
    List<AppInstance> other = serving.stream().filter(instance -> instance != than).toList();
    return turnOf(!otherRelease.isEmpty() ? otherRelease : !other.isEmpty() ? other : serving);
  }

  private Turn turnOf(List<AppInstance> candidates) {
    if (candidates.isEmpty()) {
      throw new IllegalStateException("no instance is in rotation");
    }
    AppInstance instance = candidates.get(ThreadLocalRandom.current().nextInt(candidates.size()));
    inFlight.merge(instance, 1, Integer::sum);
    return new Turn(instance);
  }

  private synchronized void giveBack(AppInstance instance) {
    inFlight.merge(instance, -1, Integer::sum);
    notifyAll();
  }

  /** The newest instance, if any serves. */
  synchronized @Nullable AppInstance newest() {
    return serving.isEmpty() ? null : serving.get(serving.size() - 1);
  }

  /** One request's hold on an instance. */
  final class Turn implements AutoCloseable {

    private final AppInstance instance;

    private Turn(AppInstance instance) {
      this.instance = instance;
    }

    AppInstance instance() {
      return instance;
    }

    @Override
    public void close() {
      giveBack(instance);
    }
  }
}
