package dev.migrator.autoconfigure;

import dev.migrator.Migrator;
import dev.migrator.plan.MigrationPlan;
import dev.migrator.plan.MigrationPlan.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.CannotGetJdbcConnectionException;

/** In the place of the initializer: plans, or migrates, behind the other database initializers. */
final class MigratorJob extends MigratorInitializer {

  private static final Logger logger = LoggerFactory.getLogger(MigratorJob.class);

  private final List<Migrator> migrators;

  private final MigratorMode mode;

  private final List<Outcome> outcomes = new ArrayList<>();

  MigratorJob(List<Migrator> migrators, MigratorMode mode) {
    super(migrators);
    this.migrators = List.copyOf(migrators);
    this.mode = mode;
  }

  @Override
  public void afterPropertiesSet() {
    for (Migrator migrator : migrators) {
      try (StopAtShutdown stop = StopAtShutdown.of(migrator)) {
        outcomes.add((mode == MigratorMode.PLAN) ? plan(migrator) : migrate(migrator));
      } catch (CannotGetJdbcConnectionException ex) {
        throw new UnreachableDatabaseException(ex);
      }
    }
  }

  private static Outcome plan(Migrator migrator) {
    MigrationPlan plan = migrator.plan();
    logger.info("The plan; nothing of it has run.\n{}", plan.toText());
    return plan.outcome();
  }

  /** What is neither held nor done, and would run at another attempt, did not run to its end. */
  private static Outcome migrate(Migrator migrator) {
    MigrationPlan left = migrator.migrate();
    logger.info("Everything has run that may run now. {}", left.summary());
    if (left.steps().anyMatch(it -> !it.afterRetention())) {
      logger.info("What is left:\n{}", left.toText());
      return (left.outcome() == Outcome.REACHED) ? Outcome.FAILED : left.outcome();
    }
    return left.outcome();
  }

  /** The worst of all. */
  Outcome outcome() {
    if (outcomes.contains(Outcome.FAILED)) {
      return Outcome.FAILED;
    }
    return outcomes.contains(Outcome.HELD) ? Outcome.HELD : Outcome.REACHED;
  }
}
