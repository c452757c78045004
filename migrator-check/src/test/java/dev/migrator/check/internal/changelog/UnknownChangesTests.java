package dev.migrator.check.internal.changelog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import liquibase.Scope;
import liquibase.change.ChangeFactory;
import org.junit.jupiter.api.Test;

class UnknownChangesTests {

  private static final ChangeLogTexts NONE = new ChangeLogTexts(List.of());

  /** Who ends takes nothing away from who still reads. */
  @Test
  void severalChecksOfOneJvm() throws Exception {
    // A thread has what Liquibase knows from the one that makes it.
    assertThat(known()).doesNotContain(ChangeSetPlaces.MIGRATION);
    CompletableFuture<Set<String>> seen = new CompletableFuture<>();
    CountDownLatch ended = new CountDownLatch(1);
    Thread other =
        new Thread(
            () -> {
              try (UnknownChanges ignored = UnknownChanges.accepted(NONE)) {
                assertThat(ended.await(3, TimeUnit.MINUTES)).isTrue();
                seen.complete(known());
              } catch (Throwable ex) {
                seen.completeExceptionally(ex);
              }
            });
    try (UnknownChanges ignored = UnknownChanges.accepted(NONE)) {
      other.start();
      long limit = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
      while (other.getState() != Thread.State.WAITING) {
        assertThat(seen).isNotDone();
        assertThat(System.nanoTime() - limit).as("it waits").isNegative();
        Thread.onSpinWait();
      }
    }
    ended.countDown();
    assertThat(seen.get(3, TimeUnit.MINUTES)).contains(ChangeSetPlaces.MIGRATION);
    other.join();
    assertThat(known()).doesNotContain(ChangeSetPlaces.MIGRATION);
  }

  private static Set<String> known() {
    return Scope.getCurrentScope().getSingleton(ChangeFactory.class).getDefinedChanges();
  }
}
