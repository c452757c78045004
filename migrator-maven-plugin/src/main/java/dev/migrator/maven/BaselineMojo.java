package dev.migrator.maven;

import dev.migrator.cli.task.History;
import java.util.List;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/** Notes that files have run, because what they make is there; runs none of them. */
@Mojo(name = "baseline", threadSafe = true)
public final class BaselineMojo extends DatabaseMojo {

  /** The id of the last of them; all by default. */
  @Parameter(property = "to")
  private @Nullable String to;

  /** Why; the journal keeps it. */
  @Parameter(property = "reason")
  private @Nullable String reason;

  @Override
  void run() {
    String why = required(reason, "reason", "why");
    List<String> noted = History.of(target(), set()).baseline(to, why);
    noted.forEach(getLog()::info);
    getLog().info("%d files are noted as run".formatted(noted.size()));
  }
}
