package dev.migrator.maven;

import dev.migrator.cli.task.FileSet;
import dev.migrator.cli.task.TaskException;
import dev.migrator.settings.Adopt;
import java.io.File;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/** A goal that looks at the SQL files of a project. */
abstract class FilesMojo extends AbstractMojo {

  /** Where the SQL files are, with the folders below. */
  @Parameter(
      property = "migrator.files",
      defaultValue = "${project.basedir}/src/main/resources/db/migrator")
  private @Nullable File files;

  /** What takes the place of placeholders, by name. */
  @Parameter private Map<String, String> placeholders = new LinkedHashMap<>();

  /** Which tool some of the files were written for: NONE, FLYWAY or SUPABASE. */
  @Parameter(property = "migrator.adopt", defaultValue = "NONE")
  private Adopt adopt = Adopt.NONE;

  @Override
  public final void execute() throws MojoFailureException {
    try {
      run();
    } catch (TaskException ex) {
      throw new MojoFailureException(ex.getMessage());
    }
  }

  /** Does it. */
  abstract void run() throws MojoFailureException;

  File folder() {
    if (files == null) {
      throw new TaskException("set migrator.files, the folder of the SQL files");
    }
    return files;
  }

  FileSet set() {
    return new FileSet(List.of(folder().toPath()), placeholders, adopt);
  }

  /** What a goal cannot do without. */
  static String required(@Nullable String value, String property, String what) {
    if (value == null || value.isBlank()) {
      throw new TaskException("say %s: -D%s=…".formatted(what, property));
    }
    return value;
  }
}
