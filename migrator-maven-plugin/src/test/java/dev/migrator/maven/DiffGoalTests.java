package dev.migrator.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.File;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugin.logging.SystemStreamLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The goal diff, over a stand-in for the comparison that ends as it is told. */
class DiffGoalTests {

  private final List<String> said = new ArrayList<>();

  @TempDir Path folder;

  @Test
  void theBuildFailsWhereSomethingIsMissing() throws Exception {
    compileStandIn();
    goal("0").execute();
    assertThat(said)
        .containsExactly(
            "--application=com.shop.Shop --output=%s --format=java --language=kotlin --end=0 -- --spring.profiles.active=test"
                .formatted(folder.resolve("out")));
    for (String code : List.of("1", "2", "3")) {
      assertThatExceptionOfType(MojoFailureException.class)
          .isThrownBy(() -> goal(code).execute())
          .withMessageContaining(
              switch (code) {
                case "1" -> "the mapping is ahead of the migrations";
                case "2" -> "-Dmigrator.diff.answers=";
                default -> "could not be compared";
              });
    }
  }

  @Test
  void theDescriptorTellsMavenOfIt() throws Exception {
    assertThat(Path.of("target/classes/META-INF/maven/plugin.xml"))
        .content()
        .contains("<goal>diff</goal>", "<executePhase>test-compile</executePhase>");
  }

  private DiffMojo goal(String end) throws Exception {
    said.clear();
    DiffMojo goal = new DiffMojo();
    set(goal, "classPath", List.of(folder.toString()));
    set(goal, "directory", folder.toFile());
    set(goal, "application", "com.shop.Shop");
    set(goal, "answers", List.of("end=" + end));
    set(goal, "format", "java");
    set(goal, "language", "kotlin");
    set(goal, "output", new File(folder.toFile(), "out"));
    set(goal, "arguments", List.of("--spring.profiles.active=test"));
    goal.setLog(
        new SystemStreamLog() {

          @Override
          public void info(CharSequence content) {
            said.add(content.toString());
          }
        });
    return goal;
  }

  private static void set(DiffMojo goal, String name, Object value) throws Exception {
    Field field = DiffMojo.class.getDeclaredField(name);
    field.setAccessible(true);
    field.set(goal, value);
  }

  private void compileStandIn() throws Exception {
    Path source = folder.resolve("dev/migrator/diff/DiffMain.java");
    Files.createDirectories(source.getParent());
    Files.writeString(
        source,
        """
        package dev.migrator.diff;
        public class DiffMain {
          public static void main(String[] args) {
            System.out.println(String.join(" ", args));
            for (String it : args) {
              if (it.startsWith("--end=")) {
                System.exit(Integer.parseInt(it.substring(6)));
              }
            }
          }
        }
        """);
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-proc:none", source.toString()))
        .isZero();
  }
}
