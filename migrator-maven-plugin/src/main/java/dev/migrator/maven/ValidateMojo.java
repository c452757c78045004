package dev.migrator.maven;

import dev.migrator.cli.task.Validation;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/** Looks at names, versions, directives and statements of SQL files, without a database. */
@Mojo(name = "validate", defaultPhase = LifecyclePhase.PROCESS_RESOURCES, threadSafe = true)
public final class ValidateMojo extends FilesMojo {

  /** Whether a file without a way back is a problem. */
  @Parameter(property = "migrator.require-down", defaultValue = "false")
  private boolean requireDown;

  @Override
  void run() throws MojoFailureException {
    Validation found = Validation.of(set(), requireDown);
    found.warnings().forEach(getLog()::warn);
    found.problems().forEach(getLog()::error);
    if (!found.isValid()) {
      throw new MojoFailureException(
          "%d problems in SQL files, the first: %s"
              .formatted(found.problems().size(), found.problems().get(0)));
    }
    getLog().info("%d SQL files".formatted(found.files()));
  }
}
