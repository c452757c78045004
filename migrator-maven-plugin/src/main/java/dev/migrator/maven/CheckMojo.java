package dev.migrator.maven;

import dev.migrator.check.CheckReport;
import dev.migrator.check.Finding;
import dev.migrator.check.LiquibaseChangelog;
import dev.migrator.check.ReportFormat;
import dev.migrator.cli.task.Changelogs;
import dev.migrator.cli.task.CheckTask;
import dev.migrator.cli.task.Target;
import dev.migrator.cli.task.TaskException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/** Tries SQL files on a PostgreSQL of its own, and says what they do to a running application. */
@Mojo(name = "check", defaultPhase = LifecyclePhase.VERIFY, threadSafe = true)
public final class CheckMojo extends FilesMojo {

  /** A changelog of Liquibase in the place of SQL files, such as db/changelog/master.yaml. */
  @Parameter(property = "migrator.check.changelog")
  private @Nullable String changelog;

  /** Where the changelog, and what it includes, is looked for. */
  @Parameter(
      property = "migrator.check.resources",
      defaultValue = "${project.basedir}/src/main/resources")
  private @Nullable File resources;

  /** The contexts of Liquibase's run; all change sets without. */
  @Parameter(property = "migrator.check.contexts")
  private @Nullable String contexts;

  /** The labels of Liquibase's run; all change sets without. */
  @Parameter(property = "migrator.check.labels")
  private @Nullable String labels;

  /**
   * The id of the first file or change set that is judged; what comes before it has run in
   * production.
   */
  @Parameter(property = "migrator.check.from")
  private @Nullable String from;

  /** Sizes of production's tables, as the goal stats writes them. */
  @Parameter(property = "migrator.check.stats")
  private @Nullable File stats;

  /** The major version of production. */
  @Parameter(property = "migrator.check.postgres")
  private @Nullable Integer postgres;

  /** Whether the files are only read, without a server. */
  @Parameter(property = "migrator.check.read", defaultValue = "false")
  private boolean read;

  /** How bad findings of some rules are, such as {@code style=off,parent-lock=error}. */
  @Parameter(property = "migrator.check.levels")
  private @Nullable String levels;

  /** The form of the report in a file: TEXT, JSON, SARIF, GITHUB or GITLAB. */
  @Parameter(property = "migrator.check.format", defaultValue = "TEXT")
  private ReportFormat format = ReportFormat.TEXT;

  /** Where a report is written; by default the log has the text only. */
  @Parameter(property = "migrator.check.output")
  private @Nullable File output;

  /** An empty database in the place of a server of its own; it is changed. */
  @Parameter(property = "migrator.check.url")
  private @Nullable String url;

  /** Who connects to it. */
  @Parameter(property = "migrator.check.user")
  private @Nullable String user;

  /** The password for it; better in the environment, as MIGRATOR_PASSWORD. */
  @Parameter(property = "migrator.check.password", defaultValue = "${env.MIGRATOR_PASSWORD}")
  private @Nullable String password;

  @Override
  void run() throws MojoFailureException {
    Map<String, String> byRule = new LinkedHashMap<>(CheckTask.levels(levels));
    CheckReport report =
        new CheckTask(
                set(),
                List.of(),
                liquibase(),
                from,
                (stats == null) ? null : stats.toPath(),
                (url == null) ? null : new Target(url, user, password),
                postgres,
                read,
                byRule)
            .run();
    if (output != null) {
      write(output.toPath(), format.write(report));
    }
    report.toText().lines().forEach(report.isSafe() ? getLog()::info : getLog()::error);
    if (!report.isSafe()) {
      List<Finding> failures = report.failures();
      Finding first = failures.get(0);
      throw new MojoFailureException(
          "%d unsafe statements, the first: %s:%d: [%s] %s"
              .formatted(
                  failures.size(), first.file(), first.line(), first.rule().id(), first.message()));
    }
  }

  private @Nullable LiquibaseChangelog liquibase() {
    if (changelog == null) {
      return null;
    }
    Path folder = (resources == null) ? Path.of("src/main/resources") : resources.toPath();
    return Changelogs.of(changelog, folder, contexts, labels, set().placeholders());
  }

  static void write(Path file, String text) {
    try {
      if (file.getParent() != null) {
        Files.createDirectories(file.getParent());
      }
      Files.writeString(file, text + "\n");
    } catch (IOException ex) {
      throw new TaskException("%s cannot be written: %s".formatted(file, ex));
    }
  }
}
