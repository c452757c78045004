package dev.migrator.internal.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.PoolPressure;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.RangeSql;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What cannot be measured holds up nothing. */
class CommitSteeringTests {

  private static final BackfillTask TASK =
      new BackfillTask(
          "m",
          BackfillTask.Kind.COPY,
          new RangeSql(1, "t", 0, "t", "t", "a = b", "a <> b", false),
          false,
          true,
          4096);

  private final List<Thread> begun = new ArrayList<>();

  /** None of them runs. */
  private Thread idle(Runnable work) {
    return new Thread() {
      @Override
      public void start() {
        begun.add(this);
      }
    };
  }

  private static Thread refused(Runnable work) {
    return new Thread() {
      @Override
      public void start() {
        throw new OutOfMemoryError("unable to create native thread");
      }
    };
  }

  private static CommitSteering steering(int connections, ThreadFactory threads) {
    return new CommitSteering(
        new Database(new DriverManagerDataSource()), 1.5, new Pool(connections), threads);
  }

  /** Others commit a hundred times from one range to the next. */
  private static void busy(CommitSteering steering) {
    busy(steering, 0);
  }

  private static void busy(CommitSteering steering, double elsewhere) {
    for (int i = 0; i < 3; i++) {
      steering.read(TASK, new WorkerDirective(true, null, 100, elsewhere, 1000 + 100 * i));
    }
  }

  @Test
  void nothingBeginsUntilItIsKnownWhatCommitsTake() {
    CommitSteering steering = steering(3, this::idle);
    steering.workerBegins();
    busy(steering);
    assertThat(begun).hasSize(1);
    assertThat(steering.waitNanos(TASK)).isPositive();
  }

  @Test
  void nobodyWaitsForAThreadThatTheSystemRefuses() {
    CommitSteering steering = steering(3, CommitSteeringTests::refused);
    steering.workerBegins();
    busy(steering);
    assertThat(steering.waitNanos(TASK)).isZero();
    assertThat(steering.awaitEnd()).isFalse();
  }

  @Test
  void theApplicationKeepsAConnectionBesideSeveralWorkers() {
    CommitSteering steering = steering(3, this::idle);
    steering.workerBegins();
    steering.workerBegins();
    busy(steering);
    assertThat(begun).isEmpty();
    assertThat(steering.waitNanos(TASK)).isZero();
    steering.workerEnds();
    busy(steering);
    assertThat(begun).hasSize(1);
  }

  /** Two that copy on one server do not spare each other. */
  @Test
  void workersOfOtherDatabasesAreNoTraffic() {
    CommitSteering steering = steering(3, this::idle);
    steering.workerBegins();
    busy(steering, 3);
    assertThat(begun).isEmpty();
    assertThat(steering.waitNanos(TASK)).isZero();
  }

  private record Pool(int connections) implements PoolPressure {

    @Override
    public int waiting() {
      return 0;
    }
  }
}
