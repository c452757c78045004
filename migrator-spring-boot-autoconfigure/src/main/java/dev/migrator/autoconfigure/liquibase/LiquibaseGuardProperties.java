package dev.migrator.autoconfigure.liquibase;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;

/** The properties {@code migrator.liquibase.*}. */
@ConfigurationProperties("migrator.liquibase")
public class LiquibaseGuardProperties {

  /** Whether one instance at a time runs Liquibase. */
  private boolean guard;

  /** How long an instance waits for another one that runs Liquibase. */
  private Duration limit = Duration.ofMinutes(10);

  /**
   * Age from which Liquibase's own lock is taken for one of an instance that died, and released.
   * Zero, for at once, only when no instance without the guard is left.
   */
  private Duration staleLock = Duration.ofMinutes(15);

  public boolean isGuard() {
    return guard;
  }

  public void setGuard(boolean guard) {
    this.guard = guard;
  }

  public Duration getLimit() {
    return limit;
  }

  public void setLimit(Duration limit) {
    this.limit = limit;
  }

  public Duration getStaleLock() {
    return staleLock;
  }

  public void setStaleLock(Duration staleLock) {
    this.staleLock = staleLock;
  }
}
