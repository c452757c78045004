package dev.migrator.maven;

import dev.migrator.check.TableStatistics;
import dev.migrator.cli.task.Stats;
import java.io.File;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/** Writes names, rows and bytes of a database's tables as JSON, for the goal check. */
@Mojo(name = "stats", requiresProject = false, threadSafe = true)
public final class StatsMojo extends DatabaseMojo {

  /** Where to. */
  @Parameter(property = "migrator.stats.output")
  private @Nullable File output;

  @Override
  void run() {
    String file =
        required((output == null) ? null : output.getPath(), "migrator.stats.output", "which file");
    TableStatistics statistics = Stats.of(target());
    CheckMojo.write(new File(file).toPath(), statistics.toJson().stripTrailing());
    getLog().info("%d tables".formatted(statistics.tables().size()));
  }
}
