package dev.migrator.autoconfigure;

import dev.migrator.Migration;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.error.MigratorException;
import dev.migrator.error.NotReadyException;
import dev.migrator.error.StepFailedException;
import dev.migrator.error.UnsupportedDatabaseException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanInstantiationException;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/** Explains, for each error that can stop the start, the state of the database and what to do. */
class MigratorFailureAnalyzer extends AbstractFailureAnalyzer<MigratorException> {

  private final Environment environment;

  MigratorFailureAnalyzer(Environment environment) {
    this.environment = environment;
  }

  @Override
  protected @Nullable FailureAnalysis analyze(Throwable rootFailure, MigratorException cause) {
    String action = action(rootFailure, cause);
    return (action != null)
        ? new FailureAnalysis(description(rootFailure, cause), action, cause)
        : null;
  }

  private String description(Throwable rootFailure, MigratorException cause) {
    String bean = declaringBean(rootFailure);
    String message = String.valueOf(cause.getMessage());
    return (bean != null)
        ? "The bean '%s' declares a migration that is not valid: %s".formatted(bean, message)
        : message;
  }

  /**
   * The bean whose factory method threw. The DSL does not know the name of the bean; the engine
   * does, and names it in its messages.
   */
  private @Nullable String declaringBean(Throwable rootFailure) {
    String bean = null;
    for (Throwable failure = rootFailure; failure != null; failure = failure.getCause()) {
      if (failure instanceof BeanCreationException creation) {
        bean = creation.getBeanName();
      }
      if (failure instanceof BeanInstantiationException instantiation) {
        Method method = instantiation.getConstructingMethod();
        if (method != null && Migration.class.isAssignableFrom(method.getReturnType())) {
          return bean;
        }
      }
    }
    return null;
  }

  private @Nullable String action(Throwable rootFailure, MigratorException cause) {
    if (findCause(rootFailure, ContradictingMappingException.class) != null) {
      return "Correct the mapping or the declaration as described above. This start has"
          + " removed nothing that the running releases need.";
    }
    if (cause instanceof InvalidMigrationException) {
      return "Correct the declaration as described above. Nothing was changed in the database."
          + HibernateTables.advice(environment);
    }
    if (cause instanceof UnsupportedDatabaseException) {
      return "Give the migrations a PostgreSQL database, and a role with the privileges they need."
          + " A role of their own is given by a second DataSource bean that is marked with"
          + " @MigratorDataSource."
          + TestDatabases.advice(environment);
    }
    if (cause instanceof StepFailedException) {
      return "Remove the cause and start again; the step is then tried again. The table is as it was"
          + " before the step, and the releases that run at present are not affected.";
    }
    if (cause instanceof NotReadyException) {
      return "Keep running the release that serves at present. Start this one again when what it"
          + " needs is there, or run the release that is named above. If the work only needs more"
          + " time, raise migrator.startup-limit.";
    }
    return null;
  }
}
