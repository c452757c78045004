package dev.migrator.maven;

import dev.migrator.cli.task.DiffTask;
import dev.migrator.cli.task.TaskException;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Execute;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.plugins.annotations.ResolutionScope;
import org.jspecify.annotations.Nullable;

/**
 * Compares what the application maps with what its migrations make, and proposes the missing ones.
 * Fails if something is missing or has to be answered.
 */
@Mojo(name = "diff", requiresDependencyResolution = ResolutionScope.TEST, threadSafe = true)
@Execute(phase = LifecyclePhase.TEST_COMPILE)
public final class DiffMojo extends AbstractMojo {

  /** The class path of the tests. */
  @Parameter(defaultValue = "${project.testClasspathElements}", readonly = true)
  private List<String> classPath = new ArrayList<>();

  /** Where it runs. */
  @Parameter(defaultValue = "${project.basedir}", readonly = true)
  private @Nullable File directory;

  /** The class with {@code @SpringBootApplication}; found if there is only one. */
  @Parameter(property = "migrator.diff.application")
  private @Nullable String application;

  /** Answers, such as {@code renamed=owners.telephone=phone}. */
  @Parameter(property = "migrator.diff.answers")
  private List<String> answers = new ArrayList<>();

  /** The language of the beans in a text or in JSON: java or kotlin. */
  @Parameter(property = "migrator.diff.language")
  private @Nullable String language;

  /** The form of what is written to a file: text, java, kotlin or json. */
  @Parameter(property = "migrator.diff.format", defaultValue = "text")
  private String format = "text";

  /** Where the answer is written; by default the log has it only. */
  @Parameter(property = "migrator.diff.output")
  private @Nullable File output;

  /** The file that remembers the order of constants stored by their places. */
  @Parameter(property = "migrator.diff.ordinals")
  private @Nullable File ordinals;

  /** More of the application's command line, such as {@code --spring.profiles.active=test}. */
  @Parameter(property = "migrator.diff.arguments")
  private List<String> arguments = new ArrayList<>();

  @Override
  public void execute() throws MojoFailureException {
    List<String> said = new ArrayList<>();
    int code;
    try {
      code =
          new DiffTask(
                  classPath.stream().map(Path::of).toList(),
                  (directory == null) ? Path.of("") : directory.toPath(),
                  options())
              .run(said::add);
    } catch (TaskException ex) {
      throw new MojoFailureException(ex.getMessage());
    }
    said.forEach(code == 0 ? getLog()::info : getLog()::error);
    switch (code) {
      case 0 -> {}
      case 1 -> throw new MojoFailureException("the mapping is ahead of the migrations");
      case 2 ->
          throw new MojoFailureException(
              "the mapping is ahead of the migrations, in a way that only you know: answer by -Dmigrator.diff.answers=…");
      default -> throw new MojoFailureException("what is mapped could not be compared");
    }
  }

  private List<String> options() {
    List<String> options = new ArrayList<>();
    if (application != null) {
      options.add("--application=" + application);
    }
    if (output != null) {
      options.add("--output=" + output.getAbsolutePath());
      options.add("--format=" + format);
    }
    if (language != null) {
      options.add("--language=" + language);
    }
    if (ordinals != null) {
      options.add("--ordinals=" + ordinals.getAbsolutePath());
    }
    answers.forEach(it -> options.add(it.startsWith("--") ? it : "--" + it));
    options.add("--");
    options.addAll(arguments);
    return options;
  }
}
