package dev.migrator.orders;

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
import java.util.function.Function;

/**
 * Places, renames and reads orders through any instance that serves. Each thread has orders of its
 * own, and reads each at once through any instance, so that what it reads is what it wrote.
 */
final class OrdersTraffic implements AutoCloseable {

  private static final int THREADS = 4;

  private final List<Orders> serving = new CopyOnWriteArrayList<>();

  private final Map<Orders, Semaphore> turns = new ConcurrentHashMap<>();

  private final Queue<String> faults = new ConcurrentLinkedQueue<>();

  private final Semaphore rounds = new Semaphore(0);

  private final List<Thread> threads = new ArrayList<>();

  private volatile boolean goesOn = true;

  void serve(Orders orders) {
    turns.put(orders, new Semaphore(THREADS));
    serving.add(orders);
  }

  /** Sends no more requests there, and waits for those that are under way. */
  void retire(Orders orders) throws InterruptedException {
    serving.remove(orders);
    turns.get(orders).acquire(THREADS);
  }

  void start() {
    for (int i = 0; i < THREADS; i++) {
      int number = i;
      Thread thread = new Thread(() -> run(number), "orders-" + number);
      thread.start();
      threads.add(thread);
    }
  }

  private void run(int number) {
    Random random = new Random(number);
    for (int i = 0; goesOn; i++) {
      String customer = "Zoë %d-%d".formatted(number, i);
      List<String> articles = List.of("pen", "ink " + i);
      try {
        long order = request(random, it -> it.place(customer, articles));
        expect(customer, request(random, it -> it.customer(order)));
        String renamed = customer + " O'Neill";
        request(
            random,
            it -> {
              it.rename(order, renamed);
              return order;
            });
        expect(renamed, request(random, it -> it.customer(order)));
        expect(articles, request(random, it -> it.articles(order)));
        expect(List.of(order), request(random, it -> it.of(renamed)));
        expect(List.of(), request(random, it -> it.of(customer)));
      } catch (RuntimeException ex) {
        faults.add(ex.toString());
      }
      rounds.release();
    }
  }

  private <T> T request(Random random, Function<Orders, T> request) {
    while (true) {
      List<Orders> candidates = List.copyOf(serving);
      Orders orders = candidates.get(random.nextInt(candidates.size()));
      // Who was retired has no turns left.
      if (turns.get(orders).tryAcquire()) {
        try {
          return request.apply(orders);
        } finally {
          turns.get(orders).release();
        }
      }
    }
  }

  private void expect(Object expected, Object found) {
    if (!expected.equals(found)) {
      faults.add("expected %s, but read %s".formatted(expected, found));
    }
  }

  /** Waits until so many rounds more were made. */
  void awaitMore(int number) throws InterruptedException {
    rounds.drainPermits();
    assertThat(rounds.tryAcquire(number, 60, TimeUnit.SECONDS)).as("the traffic goes on").isTrue();
  }

  List<String> faults() {
    return List.copyOf(faults);
  }

  void stop() throws InterruptedException {
    goesOn = false;
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @Override
  public void close() {
    goesOn = false;
  }
}
