package dev.migrator.cli;

import dev.migrator.cli.task.Target;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Which database is meant. A password belongs into the environment, where no other user sees it.
 */
final class DatabaseOptions {

  @Option(
      names = {"-u", "--url"},
      required = true,
      paramLabel = "URL",
      description = "Of JDBC, such as jdbc:postgresql://localhost/shop (default: MIGRATOR_URL)",
      defaultValue = "${env:MIGRATOR_URL}")
  private String url = "";

  @Option(
      names = "--user",
      paramLabel = "ROLE",
      description = "Who connects (default: MIGRATOR_USER)",
      defaultValue = "${env:MIGRATOR_USER}")
  private @Nullable String user;

  @Option(
      names = "--password",
      paramLabel = "PASSWORD",
      interactive = true,
      arity = "0..1",
      description = "Asked for if the option has no value (default: MIGRATOR_PASSWORD)",
      defaultValue = "${env:MIGRATOR_PASSWORD}")
  private @Nullable String password;

  Target target() {
    return new Target(url, user, password);
  }
}
