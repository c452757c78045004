package dev.migrator.diff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The comparison as a program. */
class DiffMainIT {

  private static final String CLINIC =
      "--application=dev.migrator.diff.clinic.after.ClinicApplication";

  private static final String FILES = "--migrator.locations=classpath:db/clinic/";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir Path folder;

  @Test
  void whatIsMissingIsWritten() throws Exception {
    assertThat(run(CLINIC, "--", FILES)).isEqualTo(1);
    assertThat(said(out)).startsWith("Missing migrations: 1.").contains("renameColumn");
    Path file = folder.resolve("MappingMigrations.java");
    assertThat(run(CLINIC, "--format=java", "--output=" + file, "--", FILES)).isEqualTo(1);
    assertThat(CompiledBeans.of(Files.readString(file))).containsOnlyKeys("ownersPhone");
    out.reset();
    assertThat(run(CLINIC, "--language=kotlin", "--", FILES)).isEqualTo(1);
    assertThat(said(out))
        .startsWith("Missing migrations: 1.")
        .contains("fun ownersPhone(): Migration =");
    out.reset();
    assertThat(run(CLINIC, "--format=kotlin", "--", FILES)).isEqualTo(1);
    assertThat(said(out))
        .startsWith("import dev.migrator.Migration\n")
        .contains("fun ownersPhone()");
    out.reset();
    assertThat(run(CLINIC, "--format=json", "--", FILES)).isEqualTo(1);
    assertThat(said(out))
        .startsWith("{")
        .contains("\"why\":\"owners.telephone is phone now\"", "\"questions\":[]");
  }

  @Test
  void anAnswerOnTheCommandLine() {
    assertThat(run(CLINIC, "--leave=owners.phone", "--optional=owners.telephone", "--", FILES))
        .isZero();
  }

  @Test
  void whatCannotBeUnderstood() {
    assertThat(run(CLINIC, "--rename=owners.a=b")).isEqualTo(3);
    assertThat(said(err)).isEqualTo("there is no option --rename\n");
    err.reset();
    assertThat(run(CLINIC, "--renamed=owners.telephone")).isEqualTo(3);
    assertThat(said(err)).contains("is not complete");
    err.reset();
    assertThat(run("--application=com.shop.None")).isEqualTo(3);
    assertThat(said(err)).isEqualTo("there is no class com.shop.None\n");
    err.reset();
    assertThat(run(CLINIC, "--format=xml")).isEqualTo(3);
    assertThat(run(CLINIC, "--language=scala")).isEqualTo(3);
    assertThat(said(err))
        .contains("--language is java or kotlin", "--format is text, java, kotlin or json");
  }

  @Test
  void theApplicationIsFound() throws Exception {
    Path made = copied("after/ClinicApplication.class");
    assertThat(ApplicationFinder.find("", made.toString()).getName())
        .isEqualTo("dev.migrator.diff.clinic.after.ClinicApplication");
    copied("before/ClinicApplication.class");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ApplicationFinder.find("", made.toString()))
        .withMessageContaining("several classes");
  }

  private Path copied(String type) throws Exception {
    Path made = folder.resolve("classes");
    Path file = made.resolve(type);
    Files.createDirectories(file.getParent());
    Files.copy(Path.of("target/test-classes/dev/migrator/diff/clinic", type), file);
    return made;
  }

  private int run(String... args) {
    return DiffMain.run(new PrintStream(out), new PrintStream(err), args);
  }

  private static String said(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
