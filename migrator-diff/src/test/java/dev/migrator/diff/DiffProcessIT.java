package dev.migrator.diff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.cli.task.DiffTask;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The comparison in a process of its own, as the goal and the command start it. */
class DiffProcessIT {

  @Test
  void theAnswerIsAllThatIsSaid() {
    List<String> said = new ArrayList<>();
    int code =
        new DiffTask(
                classPath(),
                Path.of(""),
                List.of(
                    "--application=dev.migrator.diff.clinic.after.ClinicApplication",
                    "--format=json",
                    "--",
                    "--migrator.locations=classpath:db/clinic/",
                    // What the application logs does not come between.
                    "--logging.level.root=INFO"))
            .run(said::add);
    assertThat(code).isEqualTo(1);
    assertThat(said).hasSize(1);
    assertThat(said.get(0)).startsWith("{\"migrations\":").contains("renameColumn").endsWith("}");
  }

  private static List<Path> classPath() {
    String tests = System.getProperty("surefire.test.class.path");
    String path = (tests == null) ? System.getProperty("java.class.path") : tests;
    return Arrays.stream(path.split(File.pathSeparator)).map(Path::of).toList();
  }
}
