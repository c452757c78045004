package dev.migrator.maven;

import dev.migrator.cli.task.Info;
import dev.migrator.status.MigratorStatus;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Mojo;

/** Says where the changes of a database stand, and what holds them. */
@Mojo(name = "info", requiresProject = false, threadSafe = true)
public final class InfoMojo extends DatabaseMojo {

  @Override
  void run() throws MojoFailureException {
    MigratorStatus status = Info.of(target(), set()).read();
    Info.text(status).forEach(getLog()::info);
    if (Info.hasFailed(status)) {
      throw new MojoFailureException("a change has failed");
    }
  }
}
