package dev.migrator.cli;

import dev.migrator.cli.task.Target;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * A database for the check. The address is not taken from the environment: what is set there is
 * mostly one that is in use.
 */
final class EmptyDatabaseOptions {

  @Option(
      names = {"-u", "--url"},
      paramLabel = "URL",
      description = "An empty database of JDBC, which is changed (default: a server of its own)")
  private @Nullable String url;

  @Option(names = "--user", paramLabel = "ROLE", description = "Who connects")
  private @Nullable String user;

  @Option(
      names = "--password",
      paramLabel = "PASSWORD",
      interactive = true,
      arity = "0..1",
      description = "Asked for if the option has no value (default: MIGRATOR_PASSWORD)",
      defaultValue = "${env:MIGRATOR_PASSWORD}")
  private @Nullable String password;

  @Nullable Target target() {
    return (url == null) ? null : new Target(url, user, password);
  }
}
