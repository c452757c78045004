package dev.migrator.internal.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.internal.Timings;
import dev.migrator.internal.journal.Installation;
import dev.migrator.internal.lease.Lease.Purpose;
import dev.migrator.internal.sql.Database;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One leader, fenced: whoever lost the lease can commit nothing, however late it learns of it. */
@Tag("server-version")
class LeaseIT {

  private static final Timings.Leading TIMINGS = Timings.defaults().leading();

  private final TestDatabase testDatabase = TestPostgres.newDatabase();

  private final Database database = new Database(testDatabase.dataSource());

  private final Lease first = new Lease(database, "first", Duration.ofMinutes(5), TIMINGS);

  private final Lease second = new Lease(database, "second", Duration.ofMinutes(5), TIMINGS);

  /** One that hears of others at once. */
  private final Lease leader =
      new Lease(database, "leader", Duration.ofMinutes(5), TIMINGS.withTurn(Duration.ZERO));

  @BeforeEach
  void install() {
    Installation.ensure(database);
  }

  @AfterEach
  void close() {
    testDatabase.close();
  }

  private void expire() {
    database.inTransaction(
        () ->
            database.execute("UPDATE migrator.lease SET expires_at = now() - interval '1 second'"));
  }

  @Test
  void onlyOneHasIt() {
    assertThat(first.tryAcquire(Purpose.BACKGROUND)).isTrue();
    assertThat(second.tryAcquire(Purpose.BACKGROUND)).isFalse();
    assertThat(database.read(first::leader).orElseThrow().instance()).isEqualTo("first");
    first.release();
    assertThat(second.tryAcquire(Purpose.BACKGROUND)).isTrue();
  }

  @Test
  void itEndsAlsoWhenTheServersClockIsSetBack() {
    first.tryAcquire(Purpose.BACKGROUND);
    database.inTransaction(
        () -> database.execute("UPDATE migrator.lease SET expires_at = now() + interval '1 day'"));
    assertThat(second.tryAcquire(Purpose.BACKGROUND)).isTrue();
    assertThatExceptionOfType(LeaseLostException.class)
        .isThrownBy(() -> database.inTransaction(first::check));
  }

  @Test
  void whoWasFrozenCanCommitNothing() {
    first.tryAcquire(Purpose.BACKGROUND);
    expire();
    assertThat(second.tryAcquire(Purpose.BACKGROUND)).isTrue();

    assertThat(first.isHeld()).as("it does not know yet").isTrue();
    assertThatExceptionOfType(LeaseLostException.class)
        .isThrownBy(
            () ->
                database.inTransaction(
                    () -> {
                      database.execute("CREATE TABLE late (a int)");
                      first.check();
                    }));
    assertThat(
            database.<String>query(
                "SELECT to_regclass('late')::text", (rs, row) -> String.valueOf(rs.getString(1))))
        .containsExactly("null");
    first.renew();
    assertThat(first.isHeld()).isFalse();
    assertThat(database.read(second::leader).orElseThrow().instance()).isEqualTo("second");
  }

  @Test
  void anExpiredLeaseThatNobodyTookIsStillGood() {
    first.tryAcquire(Purpose.BACKGROUND);
    expire();
    database.inTransaction(first::check);
    first.renew();
    assertThat(second.tryAcquire(Purpose.BACKGROUND)).isFalse();
  }

  @Test
  void whoAskedFirstIsNext() {
    leader.tryAcquire(Purpose.START);
    assertThat(looks(leader)).isFalse();
    first.want(Purpose.BRIEF_START);
    second.want(Purpose.BRIEF_START);
    assertThat(looks(leader)).isTrue();

    leader.yieldToStart();
    assertThat(second.tryAcquire(Purpose.START)).as("behind the first").isFalse();
    assertThat(leader.tryAcquire(Purpose.START)).as("behind both").isFalse();
    assertThat(first.tryAcquire(Purpose.START)).isTrue();
    assertThat(first.isGuest()).isTrue();

    second.want(Purpose.BRIEF_START);
    leader.want(Purpose.BRIEF_START);
    first.release();
    assertThat(first.isGuest()).isFalse();
    assertThat(first.tryAcquire(Purpose.START)).as("not twice").isFalse();
    assertThat(second.tryAcquire(Purpose.START)).isTrue();
    second.release();
    assertThat(leader.tryAcquire(Purpose.START)).isTrue();
    assertThat(leader.isGuest()).as("its wish came second and was not kept").isFalse();
  }

  @Test
  void whoHasJustBegunIsNotDisturbed() {
    first.tryAcquire(Purpose.BACKGROUND);
    second.want(Purpose.BRIEF_START);
    assertThat(looks(first)).isFalse();
  }

  @Test
  void aLongStartGoesBeforeTheBackgroundAndABriefOneBeforeBoth() {
    leader.tryAcquire(Purpose.BACKGROUND);
    second.want(Purpose.BACKGROUND);
    assertThat(looks(leader)).isFalse();
    second.want(Purpose.START);
    assertThat(looks(leader)).isTrue();
    leader.release();
    assertThat(second.tryAcquire(Purpose.START)).isTrue();
    assertThat(second.isGuest()).as("the background waits until it is done").isFalse();
    second.release();

    leader.tryAcquire(Purpose.START);
    second.want(Purpose.START);
    assertThat(looks(leader)).isFalse();
    second.want(Purpose.BRIEF_START);
    assertThat(looks(leader)).isTrue();
    leader.yieldToStart();
    assertThat(second.tryAcquire(Purpose.BRIEF_START)).isTrue();
    assertThat(second.isGuest()).isTrue();
  }

  @Test
  void aStartThatWaitsForALockIsAskedByAnyOtherStart() {
    leader.tryAcquire(Purpose.BRIEF_START);
    second.want(Purpose.START);
    assertThat(looks(leader)).isFalse();
    database.inTransaction(leader::waits);
    second.want(Purpose.START);
    assertThat(looks(leader)).isTrue();
    leader.yieldToStart();
    assertThat(second.tryAcquire(Purpose.START)).isTrue();
    assertThat(second.isGuest()).isFalse();
  }

  @Test
  void aStartThatHasYieldedComesBackBeforeTheBackground() {
    first.tryAcquire(Purpose.START);
    first.yieldToStart();
    assertThat(second.tryAcquire(Purpose.BACKGROUND)).isFalse();
    assertThat(first.tryAcquire(Purpose.START)).isTrue();
    first.release();
    assertThat(second.tryAcquire(Purpose.BACKGROUND)).as("it was through").isTrue();
  }

  @Test
  void whoAskedAStartThatIsThroughIsNobodysGuest() {
    first.tryAcquire(Purpose.START);
    second.want(Purpose.BRIEF_START);
    first.release();
    assertThat(second.tryAcquire(Purpose.BRIEF_START)).isTrue();
    assertThat(second.isGuest()).isFalse();
  }

  @Test
  void aWishThatIsNotRepeatedIsForgotten() {
    for (String said : List.of("- interval '6 seconds'", "+ interval '1 hour'")) {
      leader.tryAcquire(Purpose.BACKGROUND);
      first.want(Purpose.BRIEF_START);
      database.inTransaction(
          () -> database.execute("UPDATE migrator.lease SET wanted_at = wanted_at " + said));
      assertThat(looks(leader)).as(said).isFalse();
      second.want(Purpose.BRIEF_START);
      assertThat(looks(leader)).as(said).isTrue();
      leader.release();
      assertThat(first.tryAcquire(Purpose.START)).as(said).isFalse();
      assertThat(second.tryAcquire(Purpose.START)).as(said).isTrue();
      second.release();
    }
  }

  @Test
  void aRequestIsWithdrawn() {
    first.tryAcquire(Purpose.BACKGROUND);
    second.want(Purpose.BRIEF_START);
    second.wantNoLonger();
    first.release();
    assertThat(first.tryAcquire(Purpose.BACKGROUND)).isTrue();
  }

  /** Whether the leader learns with its next step that somebody else wants to lead. */
  private boolean looks(Lease leader) {
    database.inTransaction(leader::check);
    return leader.isWanted();
  }

  /**
   * A step that has checked its token ends before anybody else can lead; a renewal does not wait.
   */
  @Test
  void aTakeoverWaitsForTheStepThatIsUnderWay() throws Exception {
    first.tryAcquire(Purpose.BACKGROUND);
    expire();
    CountDownLatch checked = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    CompletableFuture<Void> step =
        CompletableFuture.runAsync(
            () ->
                database.inTransaction(
                    () -> {
                      first.check();
                      checked.countDown();
                      await(finish);
                    }));
    assertThat(checked.await(180, TimeUnit.SECONDS)).isTrue();

    assertThat(second.tryAcquire(Purpose.BACKGROUND)).as("nobody waits either").isFalse();
    first.renew();
    expire();
    finish.countDown();
    step.get(180, TimeUnit.SECONDS);

    assertThat(second.tryAcquire(Purpose.BACKGROUND)).isTrue();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(180, TimeUnit.SECONDS);
    } catch (InterruptedException ex) {
      throw new IllegalStateException(ex);
    }
  }
}
