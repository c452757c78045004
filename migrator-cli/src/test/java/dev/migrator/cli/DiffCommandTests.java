package dev.migrator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command starts the comparison with the class path of somebody's tests. */
class DiffCommandTests {

  @TempDir Path folder;

  @Test
  void theClassPathNeedsTheComparison() {
    Run run = Run.of("diff", "--class-path", folder.toString());
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("add dev.migrator:migrator-diff with scope test");
  }

  /** A stand-in for the comparison, which says what it is given. */
  @Test
  void whatItIsGivenIsPassedOn() throws Exception {
    Path source = folder.resolve("dev/migrator/diff/DiffMain.java");
    Files.createDirectories(source.getParent());
    Files.writeString(
        source,
        """
        package dev.migrator.diff;
        public class DiffMain {
          public static void main(String[] args) {
            System.out.println(String.join(" ", args));
            System.exit(args.length);
          }
        }
        """);
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-proc:none", source.toString()))
        .isZero();
    Run run =
        Run.of(
            "diff",
            "--class-path=" + folder,
            "--renamed=a.b=c",
            "--fill=a.d='x y'",
            "--",
            "--more");
    assertThat(run.out())
        .as(run.toString())
        .isEqualTo("--renamed=a.b=c --fill=a.d='x y' -- --more\n");
    assertThat(run.code()).isEqualTo(4);
  }
}
