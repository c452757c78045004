package dev.migrator.sample.rollout;

import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The lines on the screen: on a console one line that is rewritten in place, else one every few
 * seconds; between them the events.
 */
final class Progress implements AutoCloseable {

  private static final String ERASE_LINE = "\r\u001b[2K";

  private final PrintStream out;

  private final boolean inPlace;

  private final long begin = System.nanoTime();

  private final ScheduledExecutorService painter =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "progress");
            thread.setDaemon(true);
            return thread;
          });

  Progress(PrintStream out, boolean inPlace) {
    this.out = out;
    this.inPlace = inPlace;
  }

  void start(Supplier<String> line) {
    long pause = inPlace ? 200 : 2500;
    painter.scheduleAtFixedRate(() -> paint(line.get()), pause, pause, TimeUnit.MILLISECONDS);
  }

  private synchronized void paint(String line) {
    if (inPlace) {
      out.print(ERASE_LINE + elapsed() + "  " + line);
      out.flush();
    } else {
      out.println(elapsed() + "  " + line);
    }
  }

  /** Prints an event on a line of its own that stays. */
  synchronized void say(String event) {
    out.println((inPlace ? ERASE_LINE : "") + elapsed() + "  " + event);
  }

  private String elapsed() {
    Duration elapsed = Duration.ofNanos(System.nanoTime() - begin);
    return "%d:%02d".formatted(elapsed.toMinutes(), elapsed.toSecondsPart());
  }

  @Override
  public synchronized void close() {
    painter.shutdownNow();
    if (inPlace) {
      out.print(ERASE_LINE);
      out.flush();
    }
  }
}
