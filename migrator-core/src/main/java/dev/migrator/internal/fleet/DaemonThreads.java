package dev.migrator.internal.fleet;

import java.util.concurrent.ThreadFactory;

/** Threads that end with the JVM. */
final class DaemonThreads {

  private DaemonThreads() {}

  static ThreadFactory named(String name) {
    return work -> {
      Thread thread = new Thread(work, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
