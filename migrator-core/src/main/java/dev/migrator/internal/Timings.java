package dev.migrator.internal;

import java.time.Duration;

/**
 * How often an instance looks again, how long it pauses and when it gives up. Users set what
 * concerns them in {@link dev.migrator.settings.MigratorSettings}; these values are the same for
 * everybody. They are one record so that a test can be fast without another code path.
 *
 * @param leading who leads, and who leads next
 * @param start a start that waits for what its release needs
 * @param background the background thread
 * @param steps a step that waits for a lock or for a long statement
 * @param ranges the leader and the workers of a backfill
 * @param fleet the place of an instance in the fleet
 * @param limits what depends on the server or on other programs, and so is no matter of speed
 */
public record Timings(
    Leading leading,
    Start start,
    Background background,
    Steps steps,
    Ranges ranges,
    Fleet fleet,
    Limits limits) {

  private static final Timings DEFAULTS =
      new Timings(
          new Leading(
              Duration.ofSeconds(2),
              Duration.ofSeconds(5),
              Duration.ofSeconds(1),
              Duration.ofSeconds(1),
              Duration.ofSeconds(2),
              Duration.ofMillis(500)),
          new Start(
              Duration.ofMillis(200),
              Duration.ofSeconds(1),
              Duration.ofSeconds(30),
              Duration.ofSeconds(10),
              Duration.ofMinutes(5)),
          new Background(
              Duration.ofSeconds(1),
              Duration.ofSeconds(2),
              Duration.ofHours(1),
              Duration.ofMinutes(1),
              Duration.ofSeconds(5)),
          new Steps(
              Duration.ofMillis(100),
              Duration.ofSeconds(10),
              Duration.ofMillis(100),
              Duration.ofMillis(500),
              Duration.ofSeconds(1),
              Duration.ofMillis(100)),
          new Ranges(
              Duration.ofMillis(200),
              Duration.ofSeconds(1),
              Duration.ofSeconds(3),
              Duration.ofSeconds(1),
              Duration.ofMillis(50),
              Duration.ofMillis(100),
              Duration.ofSeconds(10),
              Duration.ofMillis(40),
              Duration.ofSeconds(2),
              Duration.ofSeconds(1),
              Duration.ofMillis(100),
              Duration.ofSeconds(10)),
          new Fleet(Duration.ofMillis(200), Duration.ofSeconds(5)),
          new Limits(
              Duration.ofSeconds(2),
              Duration.ofSeconds(5),
              Duration.ofSeconds(1),
              Duration.ofMillis(200),
              Duration.ofSeconds(10),
              Duration.ofMillis(10),
              Duration.ofSeconds(2),
              Duration.ofSeconds(5),
              Duration.ofSeconds(5)));

  /** What every instance uses. */
  public static Timings defaults() {
    return DEFAULTS;
  }

  /**
   * The same with shorter pauses. What limits a statement, and how often the log tells of progress,
   * stays.
   *
   * @param times how many times as fast
   */
  public Timings faster(int times) {
    return new Timings(
        leading.faster(times),
        start.faster(times),
        background.faster(times),
        steps.faster(times),
        ranges.faster(times),
        fleet.faster(times),
        limits);
  }

  public Timings withLeading(Leading other) {
    return new Timings(other, start, background, steps, ranges, fleet, limits);
  }

  public Timings withStart(Start other) {
    return new Timings(leading, other, background, steps, ranges, fleet, limits);
  }

  public Timings withBackground(Background other) {
    return new Timings(leading, start, other, steps, ranges, fleet, limits);
  }

  public Timings withSteps(Steps other) {
    return new Timings(leading, start, background, other, ranges, fleet, limits);
  }

  public Timings withRanges(Ranges other) {
    return new Timings(leading, start, background, steps, other, fleet, limits);
  }

  public Timings withFleet(Fleet other) {
    return new Timings(leading, start, background, steps, ranges, other, limits);
  }

  public Timings withLimits(Limits other) {
    return new Timings(leading, start, background, steps, ranges, fleet, other);
  }

  private static Duration divide(Duration time, int times) {
    Duration shorter = time.dividedBy(times);
    Duration least = Duration.ofMillis(1);
    return shorter.compareTo(least) < 0 ? least : shorter;
  }

  /**
   * Who leads, and who leads next.
   *
   * @param turn how long a leader is not disturbed
   * @param wantedFor how long the wish to lead next counts unless it is renewed
   * @param wantAgain how old a wish becomes before it is renewed
   * @param yieldsFor how long an instance that has yielded does not try to lead again
   * @param startsFirst how long background work stays back after a start has yielded to another
   * @param lookAgain how often a leader looks, during a pause, whether another instance wants to
   *     lead
   */
  public record Leading(
      Duration turn,
      Duration wantedFor,
      Duration wantAgain,
      Duration yieldsFor,
      Duration startsFirst,
      Duration lookAgain) {

    public Leading withTurn(Duration other) {
      return new Leading(other, wantedFor, wantAgain, yieldsFor, startsFirst, lookAgain);
    }

    private Leading faster(int times) {
      return new Leading(
          divide(turn, times),
          divide(wantedFor, times),
          divide(wantAgain, times),
          divide(yieldsFor, times),
          divide(startsFirst, times),
          divide(lookAgain, times));
    }
  }

  /**
   * A start that waits for what its release needs.
   *
   * @param lookAgain how often it looks
   * @param askAfter how long it waits before it asks the leader to yield
   * @param patience how long it waits for what this release can serve without
   * @param log how often it logs what it waits for
   * @param outage how long it goes on after a connection was lost
   */
  public record Start(
      Duration lookAgain, Duration askAfter, Duration patience, Duration log, Duration outage) {

    /** The same, which ends with the first connection that is lost, or goes on for so long. */
    public Start withOutage(Duration other) {
      return new Start(lookAgain, askAfter, patience, log, other);
    }

    private Start faster(int times) {
      return new Start(
          divide(lookAgain, times), divide(askAfter, times), divide(patience, times), log, outage);
    }
  }

  /**
   * The background thread.
   *
   * @param follow how often it tries to lead while another instance leads
   * @param listen how often it looks where a change is held by what others do
   * @param sleep how long it sleeps at most where nothing can happen before its heartbeat finds it
   * @param triggers how long it sleeps at most while triggers keep both sides of a change in step
   * @param afterError how long it pauses after an error
   */
  public record Background(
      Duration follow, Duration listen, Duration sleep, Duration triggers, Duration afterError) {

    public Background withTriggers(Duration other) {
      return new Background(follow, listen, sleep, other, afterError);
    }

    private Background faster(int times) {
      return new Background(
          divide(follow, times), divide(listen, times), sleep, triggers, divide(afterError, times));
    }
  }

  /**
   * A step that waits for a lock or for a long statement.
   *
   * @param firstPause the first pause between two attempts; each is twice as long as the one before
   * @param longestPause the longest one
   * @param freed how often it looks, during a pause, whether those have gone who were in the way
   * @param lookAgain how often it looks whether an index is built that another instance has begun
   * @param monitor how often it looks who blocks a long statement
   * @param cancelAgain how often a statement is cancelled until it has ended: it may be just about
   *     to begin
   */
  public record Steps(
      Duration firstPause,
      Duration longestPause,
      Duration freed,
      Duration lookAgain,
      Duration monitor,
      Duration cancelAgain) {

    private Steps faster(int times) {
      return new Steps(
          divide(firstPause, times),
          divide(longestPause, times),
          divide(freed, times),
          divide(lookAgain, times),
          divide(monitor, times),
          divide(cancelAgain, times));
    }
  }

  /**
   * The leader and the workers of a backfill.
   *
   * @param lookAgain how often the leader looks how far the chunks are
   * @param leaderReads how old a reading of the server's load becomes before the leader reads again
   * @param workerReads how old it becomes before a worker does
   * @param directive how often a waiting worker reads its directive
   * @param slice how often a waiting worker looks at what it waits for within this JVM
   * @param cancelAgain how often a vacuum is cancelled until it has ended
   * @param log how often the leader logs the progress
   * @param firstPause the pause before a range is tried a second time
   * @param longestPause the longest one
   * @param lockedTable how long a chunk is left alone when its table is locked as a whole
   * @param firstLockedRows how long locked rows are left alone at first
   * @param longestLockedRows how long they are left alone at most
   */
  public record Ranges(
      Duration lookAgain,
      Duration leaderReads,
      Duration workerReads,
      Duration directive,
      Duration slice,
      Duration cancelAgain,
      Duration log,
      Duration firstPause,
      Duration longestPause,
      Duration lockedTable,
      Duration firstLockedRows,
      Duration longestLockedRows) {

    private Ranges faster(int times) {
      return new Ranges(
          divide(lookAgain, times),
          divide(leaderReads, times),
          divide(workerReads, times),
          divide(directive, times),
          divide(slice, times),
          divide(cancelAgain, times),
          log,
          divide(firstPause, times),
          divide(longestPause, times),
          divide(lockedTable, times),
          divide(firstLockedRows, times),
          divide(longestLockedRows, times));
    }
  }

  /**
   * The place of an instance in the fleet.
   *
   * @param lookAgain how often it looks whether its lease is over, and which side to read
   * @param retry after how long a heartbeat that has failed is tried again at the latest
   */
  public record Fleet(Duration lookAgain, Duration retry) {

    private Fleet faster(int times) {
      return new Fleet(divide(lookAgain, times), divide(retry, times));
    }
  }

  /**
   * What depends on the server or on other programs.
   *
   * @param vacuum how long a step waits behind a vacuum: longer than {@code deadlock_timeout}, one
   *     second by default, behind which the server cancels an autovacuum that blocks somebody
   * @param statement how long one statement of a step may take while it holds its locks
   * @param lastLook how long to wait for a last look at who blocks a statement
   * @param tableSize how long one attempt to read the size of a table waits for its lock
   * @param range how long a range may take at most, however often it has failed
   * @param row how long to wait for a row where rows are copied one by one
   * @param leave how long an instance that leaves waits for its own registration to end
   * @param unwatched an instance that was not looked at for so long is watched anew: no sign of
   *     life could have been seen
   * @param newSession how long a session needs at most to set its application's name
   */
  public record Limits(
      Duration vacuum,
      Duration statement,
      Duration lastLook,
      Duration tableSize,
      Duration range,
      Duration row,
      Duration leave,
      Duration unwatched,
      Duration newSession) {}
}
