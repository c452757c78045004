package dev.migrator.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Requests of several threads to any instance that serves. Each thread has rows of its own, and
 * reads each at once through any instance, so that what it reads is what it wrote.
 *
 * @param <S> what an instance offers
 */
public final class Traffic<S> implements AutoCloseable {

  private static final int THREADS = 4;

  /** Ends only what would never come. */
  private static final long LIMIT_MINUTES = 3;

  /** What is the most between two rounds of a thread, which leave something to the instances. */
  private static final long SHORT_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private static final long LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /**
   * The most is so many times as long as the round took: on a busy machine, all else is slow too.
   */
  private static final int ROUNDS = 4;

  private final Round<S> round;

  private final List<S> serving = new CopyOnWriteArrayList<>();

  private final Map<S, Semaphore> turns = new ConcurrentHashMap<>();

  private final Queue<String> faults = new ConcurrentLinkedQueue<>();

  private final Semaphore rounds = new Semaphore(0);

  private final List<Thread> threads = new ArrayList<>();

  private volatile boolean goesOn = true;

  public Traffic(Round<S> round) {
    this.round = round;
  }

  public void serve(S instance) {
    turns.put(instance, new Semaphore(THREADS));
    serving.add(instance);
  }

  /** Sends no more requests there, and waits for those that are under way. */
  public void retire(S instance) throws InterruptedException {
    serving.remove(instance);
    assertThat(turns.get(instance).tryAcquire(THREADS, LIMIT_MINUTES, TimeUnit.MINUTES))
        .as(() -> "the requests end, and not %s: %s".formatted(where(), faults))
        .isTrue();
  }

  public void start() {
    for (int i = 0; i < THREADS; i++) {
      int number = i;
      Thread thread = new Thread(() -> run(number), "traffic-" + number);
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
  }

  private void run(int number) {
    Random random = new Random(number);
    Client client = new Client(random);
    for (int i = 0; goesOn; i++) {
      long start = System.nanoTime();
      try {
        round.run(client, "%d-%d".formatted(number, i));
      } catch (RuntimeException ex) {
        faults.add(ex.toString());
      }
      rounds.release();
      long most = Math.min(LONG_NANOS, ROUNDS * (System.nanoTime() - start));
      LockSupport.parkNanos(random.nextLong(Math.max(SHORT_NANOS, most)));
    }
  }

  /** Waits until so many rounds more were made. */
  public void awaitMore(int number) throws InterruptedException {
    rounds.drainPermits();
    assertThat(rounds.tryAcquire(number, 60, TimeUnit.SECONDS)).as("the traffic goes on").isTrue();
  }

  public List<String> faults() {
    return List.copyOf(faults);
  }

  public void stop() throws InterruptedException {
    goesOn = false;
    for (Thread thread : threads) {
      thread.join(TimeUnit.MINUTES.toMillis(LIMIT_MINUTES));
      assertThat(thread.isAlive())
          .as(() -> "the requests end, and not %s: %s".formatted(where(), faults))
          .isFalse();
    }
  }

  /** What each thread does. */
  private String where() {
    return threads.stream()
        .map(it -> it.getName() + " at " + List.of(it.getStackTrace()))
        .collect(Collectors.joining("\n"));
  }

  @Override
  public void close() {
    goesOn = false;
  }

  /**
   * What a thread does again and again.
   *
   * @param <S> what an instance offers
   */
  @FunctionalInterface
  public interface Round<S> {

    /**
     * Makes some requests.
     *
     * @param name part of the values, not used in any other round
     */
    void run(Traffic<S>.Client client, String name);
  }

  /** One thread of it. */
  public final class Client {

    private final Random random;

    private Client(Random random) {
      this.random = random;
    }

    /** Asks any instance that serves. */
    public <T> T request(Function<S, T> request) {
      while (true) {
        List<S> candidates = List.copyOf(serving);
        S instance = candidates.get(random.nextInt(candidates.size()));
        // Who was retired has no turns left.
        if (turns.get(instance).tryAcquire()) {
          try {
            return request.apply(instance);
          } finally {
            turns.get(instance).release();
          }
        }
      }
    }

    public void expect(Object expected, Object found) {
      if (!expected.equals(found)) {
        faults.add("expected %s, but read %s".formatted(expected, found));
      }
    }
  }
}
