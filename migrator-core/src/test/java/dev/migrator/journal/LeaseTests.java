package dev.migrator.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.postgres.Database;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One leader, fenced: whoever lost the lease can commit nothing, however late it learns of it. */
class LeaseTests {

  private final TestDatabase testDatabase = TestPostgres.newDatabase();

  private final Database database = new Database(testDatabase.dataSource());

  private final Lease first = new Lease(database, "first", Duration.ofMinutes(5));

  private final Lease second = new Lease(database, "second", Duration.ofMinutes(5));

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
    assertThat(first.tryAcquire()).isTrue();
    assertThat(second.tryAcquire()).isFalse();
    assertThat(database.read(first::leader).orElseThrow().instance()).isEqualTo("first");
    first.release();
    assertThat(second.tryAcquire()).isTrue();
  }

  @Test
  void itEndsAlsoWhenTheServersClockIsSetBack() {
    first.tryAcquire();
    database.inTransaction(
        () -> database.execute("UPDATE migrator.lease SET expires_at = now() + interval '1 day'"));
    assertThat(second.tryAcquire()).isTrue();
    assertThatExceptionOfType(LeaseLostException.class)
        .isThrownBy(() -> database.inTransaction(first::check));
  }

  @Test
  void whoWasFrozenCanCommitNothing() {
    first.tryAcquire();
    expire();
    assertThat(second.tryAcquire()).isTrue();

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
    first.tryAcquire();
    expire();
    database.inTransaction(first::check);
    first.renew();
    assertThat(second.tryAcquire()).isFalse();
  }

  /**
   * A step that has checked its token ends before anybody else can lead; a renewal does not wait.
   */
  @Test
  void aTakeoverWaitsForTheStepThatIsUnderWay() throws Exception {
    first.tryAcquire();
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

    assertThat(second.tryAcquire()).as("nobody waits either").isFalse();
    first.renew();
    expire();
    finish.countDown();
    step.get(180, TimeUnit.SECONDS);

    assertThat(second.tryAcquire()).isTrue();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(180, TimeUnit.SECONDS);
    } catch (InterruptedException ex) {
      throw new IllegalStateException(ex);
    }
  }
}
