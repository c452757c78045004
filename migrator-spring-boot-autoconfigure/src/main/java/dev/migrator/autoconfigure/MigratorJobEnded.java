package dev.migrator.autoconfigure;

import dev.migrator.plan.MigrationPlan.Outcome;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ExitCodeGenerator;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Thrown by {@link SpringApplication#run} when {@code migrator.mode} is {@code plan} or {@code
 * migrate} and the job is done: no failure, but the end of the start. When it leaves the main
 * thread, the process ends with its exit code.
 */
public final class MigratorJobEnded extends SpringApplication.AbandonedRunException
    implements ExitCodeGenerator {

  private static final long serialVersionUID = 1L;

  /** The threads whose end is the end of the application, as Spring Boot knows them. */
  private static final Set<String> MAIN = Set.of("main", "restartedMain");

  private final Outcome outcome;

  MigratorJobEnded(ConfigurableApplicationContext context, Outcome outcome) {
    super(context);
    this.outcome = outcome;
  }

  /**
   * What came of it.
   *
   * @return 0 if all is reached, 1 if something failed, 2 if something is held
   */
  @Override
  public int getExitCode() {
    return outcome.exitCode();
  }

  @Override
  public String getMessage() {
    return "the job of the migrator is done, with exit code " + getExitCode();
  }

  @Override
  public String toString() {
    return getMessage();
  }

  /** Spring Boot itself ends a process only with codes other than 0. */
  void endProcessOf(Thread thread) {
    ThreadGroup group = thread.getThreadGroup();
    if (group != null && group.getName().equals("main") && MAIN.contains(thread.getName())) {
      Thread.UncaughtExceptionHandler next = thread.getUncaughtExceptionHandler();
      thread.setUncaughtExceptionHandler(
          (any, failure) -> {
            MigratorJobEnded ended = in(failure);
            if (ended != null) {
              System.exit(ended.getExitCode());
            }
            next.uncaughtException(any, failure);
          });
    }
  }

  private static @Nullable MigratorJobEnded in(Throwable failure) {
    for (Throwable it = failure; it != null; it = it.getCause()) {
      if (it instanceof MigratorJobEnded ended) {
        return ended;
      }
    }
    return null;
  }
}
