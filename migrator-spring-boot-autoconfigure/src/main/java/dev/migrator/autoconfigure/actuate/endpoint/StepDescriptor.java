package dev.migrator.autoconfigure.actuate.endpoint;

import dev.migrator.Phase;
import dev.migrator.status.Blocker;
import dev.migrator.status.StepMeasure;
import dev.migrator.status.StepStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of a migration.
 *
 * @param name what it does
 * @param phase the phase it belongs to
 * @param state how far it came
 * @param attempts how often it was begun
 * @param instance the instance that ran it last, if it was begun
 * @param startedAt when it was last begun, if it was
 * @param duration how long it took, once it ended
 * @param error what failed, if anything did
 * @param sql what it executes, of what is done range by range the first
 * @param predicted how long it was expected to take, once it is done and if somebody could say
 * @param lockWait how much of the time it waited for its locks
 * @param rows how many rows it wrote, or its table had by the statistics
 * @param bytes how large its table was, if its work depends on that
 * @param walBytes how much the whole server wrote to its log meanwhile
 * @param blockers who stood in the way of the last attempt that did not get its lock
 */
public record StepDescriptor(
    String name,
    Phase phase,
    StepStatus.State state,
    int attempts,
    @Nullable String instance,
    @Nullable Instant startedAt,
    @Nullable String duration,
    @Nullable String error,
    @Nullable List<String> sql,
    @Nullable String predicted,
    @Nullable String lockWait,
    @Nullable Long rows,
    @Nullable Long bytes,
    @Nullable Long walBytes,
    List<BlockerDescriptor> blockers) {

  static StepDescriptor of(StepStatus status) {
    StepMeasure took = status.measure();
    return new StepDescriptor(
        status.name(),
        status.phase(),
        status.state(),
        status.attempts(),
        status.instance(),
        status.startedAt(),
        text(status.duration()),
        status.error(),
        status.statements().isEmpty() ? null : status.statements(),
        (took == null) ? null : text(took.predicted()),
        (took == null) ? null : text(took.lockWait()),
        (took == null) ? null : took.rows(),
        (took == null || took.bytes() == 0) ? null : took.bytes(),
        (took == null) ? null : took.walBytes(),
        status.blockers().stream().map(BlockerDescriptor::of).toList());
  }

  private static @Nullable String text(@Nullable Duration duration) {
    return (duration == null) ? null : duration.toString();
  }

  /**
   * A session that held a lock.
   *
   * @param pid its process id on the server
   * @param application what it calls itself
   * @param state its state, such as {@code idle in transaction}
   * @param transactionStart since when its transaction was open
   * @param queryStart when its last statement began
   */
  public record BlockerDescriptor(
      int pid,
      String application,
      @Nullable String state,
      @Nullable Instant transactionStart,
      @Nullable Instant queryStart) {

    static BlockerDescriptor of(Blocker blocker) {
      return new BlockerDescriptor(
          blocker.pid(),
          blocker.application(),
          blocker.state(),
          blocker.transactionStart(),
          blocker.queryStart());
    }
  }
}
