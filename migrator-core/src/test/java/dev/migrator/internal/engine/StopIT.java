package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The end of an instance while its background thread is at something that takes long. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StopIT {

  private final Fixture fixture = new Fixture();

  private final CountDownLatch begun = new CountDownLatch(1);

  private final CountDownLatch goesOn = new CountDownLatch(1);

  private Migrator migrator;

  private Thread stopping;

  /** Is being stopped, and waits for its background thread. */
  @BeforeEach
  void stop() throws InterruptedException {
    fixture.execute("CREATE TABLE t (id int PRIMARY KEY, a text)", "INSERT INTO t VALUES (1, 'x')");
    migrator =
        fixture.migrator(
            new HookedDataSource(fixture.dataSource(), "INSERT INTO migrator.backfill", this::hold),
            Fixture.SETTINGS,
            Migration.define("m").table("t").renameColumn("a", "b"));
    migrator.prepare();
    migrator.start();
    assertThat(begun.await(120, TimeUnit.SECONDS)).isTrue();
    stopping = new Thread(migrator::stop);
    stopping.setDaemon(true);
    stopping.start();
    Fixture.await(
        () -> stopping.getState() == Thread.State.TIMED_WAITING,
        () -> "it to wait, but it is " + stopping.getState());
  }

  private void hold() {
    begun.countDown();
    try {
      goesOn.await();
    } catch (InterruptedException ex) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  void close() {
    goesOn.countDown();
    fixture.close();
  }

  /** Whoever ends it is not to wait for whoever asks, nor the other way round. */
  @Test
  void itSaysMeanwhileThatItRuns() throws InterruptedException {
    assertThat(migrator.isRunning()).isTrue();
    goesOn.countDown();
    stopping.join();
    assertThat(migrator.isRunning()).isFalse();
  }

  /** Such as that of a lifecycle which has given up waiting for the end. */
  @Test
  void aStartMeanwhileDoesNotKeepItFromEnding() throws InterruptedException {
    migrator.prepare();
    goesOn.countDown();
    stopping.join();
    assertThat(migrator.isRunning()).isFalse();
  }
}
