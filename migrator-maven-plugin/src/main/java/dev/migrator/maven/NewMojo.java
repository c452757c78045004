package dev.migrator.maven;

import dev.migrator.cli.task.NewFile;
import java.time.Clock;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/** Makes a SQL file and the one that undoes it, and prints their paths. */
@Mojo(name = "new", threadSafe = true)
public final class NewMojo extends FilesMojo {

  /** What it does, such as {@code add_avatar_url}. */
  @Parameter(property = "name")
  private @Nullable String name;

  /** Whether it is one that runs again when it changes, such as a view. */
  @Parameter(property = "repeatable", defaultValue = "false")
  private boolean repeatable;

  @Override
  void run() {
    String what = required(name, "name", "what the file does");
    new NewFile(folder().toPath(), what, repeatable, Clock.systemUTC())
        .create()
        .forEach(it -> getLog().info(it.toString()));
  }
}
