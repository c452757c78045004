package dev.migrator.sample.rollout;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The deploy itself, in its order: the releases one after the other, two instances each. */
final class Rollout {

  /** The release that starts the backfill, and whose code can serve before its end. */
  private static final int BACKFILLS = 2;

  private static final Duration LIMIT = Duration.ofMinutes(4);

  private final Options options;

  private final Database database;

  private final Fleet fleet;

  private final Watch watch;

  private final Progress progress;

  Rollout(Options options, Database database, Fleet fleet, Watch watch, Progress progress) {
    this.options = options;
    this.database = database;
    this.fleet = fleet;
    this.watch = watch;
    this.progress = progress;
  }

  /** Two instances of release 1, and a table that has been in use. */
  void prepare() throws IOException, InterruptedException, SQLException {
    fleet.start(1);
    database.load(options.users());
    progress.say("%,d users are there".formatted(options.users()));
    fleet.start(1);
  }

  void deploy() throws IOException, InterruptedException {
    dwell();
    for (int release : options.releases().subList(1, options.releases().size())) {
      progress.say("deploying release " + release);
      fleet.start(release);
      fleet.retireOldest();
      dwell();
      fleet.start(release);
      fleet.retireOldest();
      if (release == BACKFILLS) {
        // The next release would wait by itself, in its start; here the wait is seen.
        watch.await("the backfill", LIMIT, status -> status.phase().equals("BACKFILL"));
      }
    }
    dwell();
  }

  /** No instance knows the old column any longer: it may go. */
  void contract() throws IOException, InterruptedException {
    progress.say("the word: contract");
    watch.say("contract");
    watch.await("the contract", LIMIT, status -> status.state().equals("COMPLETED"));
    progress.say("the change is complete");
    dwell();
  }

  /** Lets the traffic go on for a while; only the time that passes matters. */
  private void dwell() throws InterruptedException {
    new CountDownLatch(1).await(options.dwell().toMillis(), TimeUnit.MILLISECONDS);
  }
}
