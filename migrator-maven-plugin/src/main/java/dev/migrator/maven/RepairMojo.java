package dev.migrator.maven;

import dev.migrator.cli.task.History;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/** Accepts that a file is not what ran under its id, or is missing. */
@Mojo(name = "repair", threadSafe = true)
public final class RepairMojo extends DatabaseMojo {

  /** Version and name of the file. */
  @Parameter(property = "id")
  private @Nullable String id;

  /** Why; the journal keeps it. */
  @Parameter(property = "reason")
  private @Nullable String reason;

  @Override
  void run() {
    String file = required(id, "id", "which file");
    String why = required(reason, "reason", "why");
    getLog().info(History.of(target(), set()).repair(file, why));
  }
}
