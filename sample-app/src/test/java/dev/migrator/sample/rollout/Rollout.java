package dev.migrator.sample.rollout;

import dev.migrator.Phase;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The deploy itself, in its order: the releases one after the other, two instances each. */
final class Rollout {

  /** The releases that start the backfill, and whose code can serve before its end. */
  private static final Set<Integer> BACKFILLS = Set.of(2, 6);

  private static final Duration BACKFILL_LIMIT = Duration.ofMinutes(4);

  private static final Duration CONTRACT_LIMIT = Duration.ofMinutes(1);

  private final Options options;

  private final Database database;

  private final Fleet fleet;

  private final Watch watch;

  private final HeldFile file;

  private final Latecomers latecomers;

  private final Progress progress;

  Rollout(
      Options options,
      Database database,
      Fleet fleet,
      Watch watch,
      HeldFile file,
      Latecomers latecomers,
      Progress progress) {
    this.options = options;
    this.database = database;
    this.fleet = fleet;
    this.watch = watch;
    this.file = file;
    this.latecomers = latecomers;
    this.progress = progress;
  }

  /** Two instances of release 1, and a table that has been in use. */
  void prepare() throws IOException, InterruptedException, SQLException {
    fleet.start(1);
    database.load(options.users());
    progress.say("%,d users are there".formatted(options.users()));
    fleet.start(1);
  }

  void deploy() throws IOException, InterruptedException, SQLException {
    dwell();
    int before = options.releases().get(0);
    for (int release : options.releases().subList(1, options.releases().size())) {
      progress.say((release > before ? "deploying release " : "going back to release ") + release);
      before = release;
      if (release != options.last()) {
        replace(release);
      } else if (options.calm()) {
        replaceByLast();
      } else {
        replaceByLastWithLosses();
      }
    }
    dwell();
  }

  private void replace(int release) throws IOException, InterruptedException {
    fleet.start(release);
    fleet.retireOldest();
    dwell();
    fleet.start(release);
    fleet.retireOldest();
    if (BACKFILLS.contains(release)) {
      // The next release would wait by itself, in its start; here the wait is seen.
      watch.await("the backfill", BACKFILL_LIMIT, status -> status.hasReached(Phase.BACKFILL));
    }
  }

  private void replaceByLast() throws IOException, InterruptedException, SQLException {
    fleet.start(options.last());
    awaitVerification();
    fleet.retireOldest();
    dwell();
    fleet.start(options.last());
    watch.awaitHeldFor(fleet.oldest(), CONTRACT_LIMIT);
    file.awaitHeldFor(fleet.oldest());
    fleet.retireOldest();
    awaitContract();
  }

  /** One old instance freezes, the other is killed, and a third is started when all is over. */
  private void replaceByLastWithLosses() throws IOException, InterruptedException, SQLException {
    fleet.start(options.last());
    awaitVerification();
    watch.awaitHeldFor(fleet.oldest(), CONTRACT_LIMIT);
    dwell();
    AppInstance frozen = fleet.freezeOldest();
    dwell();
    fleet.start(options.last());
    watch.awaitHeldFor(fleet.oldest(), CONTRACT_LIMIT);
    watch.awaitNotHeldFor(frozen, CONTRACT_LIMIT);
    file.awaitHeldFor(fleet.oldest());
    AppInstance killed = fleet.killOldest();
    awaitContract(frozen, killed);
    dwell();
    latecomers.wake(frozen);
    fleet.stop(frozen);
    latecomers.refuse(fleet.launch(1));
  }

  /** Passed already, unless the release switches its reads at runtime: that one serves before. */
  private void awaitVerification() throws InterruptedException {
    watch.await("the verification", BACKFILL_LIMIT, status -> status.hasReached(Phase.SWITCH_READ));
  }

  /** No live instance uses the old column any longer: the contract runs. */
  private void awaitContract(AppInstance... lost)
      throws IOException, InterruptedException, SQLException {
    if (options.contract().equals("manual")) {
      progress.say("the command: contract");
      watch.command("contract");
    }
    watch.await("the contract", CONTRACT_LIMIT, status -> status.state().equals("COMPLETED"));
    latecomers.checkNobodyNeededIt(lost);
    progress.say("the change is complete");
    file.awaitRun();
  }

  /** Lets the traffic go on for a while; only the time that passes matters. */
  private void dwell() throws InterruptedException {
    new CountDownLatch(1).await(options.dwell().toMillis(), TimeUnit.MILLISECONDS);
  }
}
