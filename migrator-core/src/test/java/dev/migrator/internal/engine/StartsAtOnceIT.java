package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.ReadTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Starts that note what is recorded, beside others that announce what they read. */
class StartsAtOnceIT {

  @ParameterizedTest
  @ValueSource(strings = {"read committed", "repeatable read", "serializable"})
  void noneFailsOverTheOther(String isolation) throws Exception {
    try (Fixture fixture = Fixture.withoutJournal()) {
      fixture.execute("CREATE TABLE t (id int PRIMARY KEY, a text)");
      Migration m =
          Migration.define("m").table("t").renameColumn("a", "b").switchRead(ReadTime.atRuntime());
      fixture.reach(Phase.SWITCH_READ, m);
      fixture.execute(
          "ALTER DATABASE \""
              + fixture.database().name()
              + "\" SET default_transaction_isolation = '"
              + isolation
              + "'");
      ExecutorService threads = Executors.newFixedThreadPool(6);
      List<String> errors = new ArrayList<>();
      for (int round = 0; round < 12; round++) {
        fixture.execute("UPDATE migrator.migration SET same_as = NULL");
        CyclicBarrier barrier = new CyclicBarrier(6);
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
          Migrator migrator = fixture.migrator(fixture.pool(1), Fixture.SETTINGS, m);
          all.add(
              threads.submit(
                  () -> {
                    barrier.await(3, TimeUnit.MINUTES);
                    try {
                      migrator.prepare();
                    } finally {
                      migrator.close();
                    }
                    return null;
                  }));
        }
        for (Future<?> one : all) {
          try {
            one.get();
          } catch (ExecutionException ex) {
            errors.add(String.valueOf(ex.getCause()));
          }
        }
        assertThat(fixture.value("SELECT length(same_as) FROM migrator.migration")).isEqualTo("64");
      }
      threads.shutdown();
      assertThat(errors).isEmpty();
    }
  }
}
