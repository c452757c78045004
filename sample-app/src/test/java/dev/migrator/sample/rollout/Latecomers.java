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

/** Instances of an old release that wake or start when the column they need is gone. */
final class Latecomers {

  private static final Duration LIMIT = Duration.ofMinutes(1);

  private static final int READY = 200;

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

  /**
   * No instance that needed the column may have been live when the contract ran.
   *
   * @param lost those that could not deregister, so that their lease counts
   */
  void checkNobodyNeededIt(AppInstance... lost) throws SQLException {
    for (String name : registered.overlooked()) {
      fault(name + " was live when the contract ran, and does not declare it");
    }
    for (AppInstance instance : lost) {
      if (!registered.wasExpired(instance)) {
        fault("the contract ran before the lease of " + instance + " was over");
      }
    }
  }

  /**
   * Wakes an instance that was presumed dead. It must not answer even the first request. It must
   * notice by itself that it may not serve, must stay so, and must not register again.
   */
  void wake(AppInstance frozen) throws IOException, InterruptedException, SQLException {
    progress.say("waking " + frozen);
    frozen.wake();
    checkRefusesRequests(frozen);
    int before = 0;
    int after = 0;
    long deadline = System.nanoTime() + LIMIT.toNanos();
    // For longer than its lease: a heartbeat could register it again.
    long end = Long.MAX_VALUE;
    while (System.nanoTime() < Math.min(end, deadline)) {
      int status = frozen.readiness(http);
      if (status == UNAVAILABLE && after++ == 0) {
        end = System.nanoTime() + AppInstance.LEASE_TIME.toNanos() * 2;
      } else if (status == READY && after == 0) {
        before++;
      } else if (status == READY) {
        fault(frozen + " is ready again, but what it reads is gone");
        return;
      }
      new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS);
    }
    checkRefusesRequests(frozen);
    if (after == 0) {
      fault(frozen + " did not notice that it must not serve");
    }
    if (!frozen.log().contains("must not serve any more")) {
      fault(frozen + " does not know that it must not serve any more");
    }
    if (registered.isLive(frozen)) {
      fault(frozen + " registered again");
    }
    progress.say(
        "%s reported %d times that it is ready, then %d times that it is not"
            .formatted(frozen, before, after));
  }

  /** A request that bypasses the load balancer must not be answered either. */
  private void checkRefusesRequests(AppInstance instance) throws InterruptedException {
    int status = instance.ask(http, "/users/1");
    if (status / 100 == 2) {
      fault(instance + " answered a request, though it was presumed dead");
    }
  }

  /** An instance that is started too late must end, and say why and what to do. */
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
    for (String part :
        List.of(
            "APPLICATION FAILED TO START",
            Watch.CHANGE,
            "contracted since ",
            "dropColumn: [name]",
            "such as sample-app ")) {
      if (!log.contains(part)) {
        fault("%s was refused, but does not say \"%s\"".formatted(late, part));
      }
    }
    progress.say("%s refused to start, with exit code %d".formatted(late, exit.getAsInt()));
  }

  private void fault(String what) {
    faults.add(Kind.CHANGE, what);
    progress.say(what);
  }
}
