package dev.migrator.sample.rollout;

import java.util.ArrayList;
import java.util.List;

/** Steady reads and writes by several clients, from start to stop. */
final class Traffic implements AutoCloseable {

  private final World world;

  private final List<Thread> threads = new ArrayList<>();

  private volatile boolean goesOn = true;

  Traffic(World world, Faults faults) {
    this.world = world;
    for (int i = 0; i < world.clients(); i++) {
      Thread thread = new Thread(new Client(i, world, () -> goesOn), "client-" + i);
      thread.setDaemon(true);
      // A client that ends by an error of this program would make the run look better than it is.
      thread.setUncaughtExceptionHandler(
          (ended, ex) -> faults.add(Faults.Kind.FAILURE, ended.getName() + " ended by " + ex));
      threads.add(thread);
    }
  }

  void start() {
    threads.forEach(Thread::start);
  }

  /** Ends the traffic; requests under way are finished. */
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

  /** What all clients share. */
  record World(
      int clients,
      UsersApi api,
      Rotation rotation,
      Pacer pacer,
      Population population,
      Ledger names,
      Ledger emails,
      Faults faults) {}
}
