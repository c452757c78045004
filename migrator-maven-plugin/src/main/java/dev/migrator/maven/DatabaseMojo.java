package dev.migrator.maven;

import dev.migrator.cli.task.Target;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/** A goal that asks, or tells, a database. */
abstract class DatabaseMojo extends FilesMojo {

  /** The database, such as {@code jdbc:postgresql://localhost/shop}. */
  @Parameter(property = "migrator.url", defaultValue = "${env.MIGRATOR_URL}")
  private @Nullable String url;

  /** Who connects. */
  @Parameter(property = "migrator.user", defaultValue = "${env.MIGRATOR_USER}")
  private @Nullable String user;

  /** Its password; better in the environment, as MIGRATOR_PASSWORD. */
  @Parameter(property = "migrator.password", defaultValue = "${env.MIGRATOR_PASSWORD}")
  private @Nullable String password;

  Target target() {
    return new Target(required(url, "migrator.url", "which database"), user, password);
  }
}
