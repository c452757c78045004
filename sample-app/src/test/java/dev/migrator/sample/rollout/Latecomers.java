package dev.migrator.sample.rollout;

import dev.migrator.sample.rollout.Faults.Kind;
import java.io.IOException;
import java.net.http.HttpClient;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Instances of an old release that turn up when the column they need has gone. */
final class Latecomers {

  private static final Duration LIMIT = Duration.ofMinutes(1);

  private static final int UNAVAILABLE = 503;

  private final HttpClient http;

  private final Registered registered;

  private final Faults faults;

  private final Progress progress;

  Latecomers(HttpClient http, Registered registered, Faults faults, Progress progress) {
    this.http = http;
    this.registered = registered;
    this.faults = faults;
    this.progress = progress;
  }

  /** Whoever needed the column must have gone before it did. */
  void checkNobodyNeededIt() throws SQLException {
    for (String name : registered.overlooked()) {
      fault(name + " was live when the contract came, and does not declare it");
    }
  }

  /**
   * Wakes an instance that was taken for gone. It must not say that it is ready, not even once, and
   * must find out that it is not to come back.
   */
  void wake(AppInstance frozen) throws IOException, InterruptedException, SQLException {
    progress.say("waking " + frozen);
    frozen.wake();
    int refusals = 0;
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!frozen.log().contains("must not serve any more") && System.nanoTime() < deadline) {
      refusals += look(frozen);
    }
    boolean knows = frozen.log().contains("must not serve any more");
    // For longer than its lease: it could have come back by a heartbeat.
    long end = System.nanoTime() + AppInstance.LEASE_TIME.toNanos() * 3 / 2;
    while (System.nanoTime() < end) {
      refusals += look(frozen);
      if (registered.isLive(frozen)) {
        fault(frozen + " came back into the fleet after it was woken");
        return;
      }
    }
    if (!knows || refusals == 0) {
      fault(
          "%s was woken, but %s"
              .formatted(
                  frozen, knows ? "never answered" : "did not find out that it must not serve"));
    }
    progress.say(
        "%s was asked %d times whether it is ready, and refused".formatted(frozen, refusals));
  }

  /** Returns 1 if the instance said that it is not ready. */
  private int look(AppInstance instance) throws InterruptedException {
    int status = instance.readiness(http);
    if (status == 200) {
      fault(instance + " is ready again, but what it reads is gone");
    }
    new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS);
    return (status == UNAVAILABLE) ? 1 : 0;
  }

  /** An instance that was started too late must end, and say why and what to do. */
  void refuse(AppInstance late) throws IOException, InterruptedException {
    progress.say(late + " is started too late");
    OptionalInt exit = OptionalInt.empty();
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (exit.isEmpty() && !late.isReady(http) && System.nanoTime() < deadline) {
      exit = late.awaitEnd(Duration.ofMillis(100));
    }
    if (exit.orElse(0) == 0) {
      fault(late + " was not refused, though what it reads is gone");
      late.kill();
      return;
    }
    String log = late.log();
    for (String word :
        List.of("APPLICATION FAILED TO START", Watch.CHANGE, "contracted since ", "drop [name]")) {
      if (!log.contains(word)) {
        fault("%s was refused, but does not say \"%s\"".formatted(late, word));
      }
    }
    progress.say("%s refused to start, with exit code %d".formatted(late, exit.getAsInt()));
  }

  private void fault(String what) {
    faults.add(Kind.CHANGE, what);
    progress.say(what);
  }
}
