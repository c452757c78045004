package dev.migrator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.internal.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.type.TypeReference;

/** Commands that need no database. */
class FileCommandsTests {

  private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

  @TempDir Path folder;

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  @Test
  void newMakesBothFilesAndPrintsTheirPaths() throws IOException {
    Path files = folder.resolve("db/migrator");
    Run first = Run.of("new", "add avatar url", "--files", files);
    assertThat(first.code()).isZero();
    List<Path> made = first.out().lines().map(Path::of).toList();
    assertThat(made).hasSize(2).allMatch(Files::exists);
    assertThat(made.get(0).getFileName().toString()).matches("\\d{14}_add_avatar_url\\.sql");
    assertThat(made.get(1).getFileName().toString())
        .isEqualTo(made.get(0).getFileName().toString().replace(".sql", ".down.sql"));
    // What was made and not written yet keeps no release from being built by accident.
    assertThat(Run.of("validate", "-f", files))
        .satisfies(it -> assertThat(it.code()).isEqualTo(1))
        .satisfies(it -> assertThat(it.out()).contains("it has no statement"));
    for (Path path : made) {
      Files.writeString(path, "SELECT 1");
    }
    Run second = Run.of("new", "b", "-f", files, "--json");
    assertThat(Json.read(second.out(), MAP).get("files"))
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
        .hasSize(2)
        .allSatisfy(it -> assertThat(made).doesNotContain(Path.of(String.valueOf(it))));
    assertThat(Files.list(files).map(it -> it.getFileName().toString().substring(0, 14)).distinct())
        .hasSize(2);
  }

  @Test
  void filesOfAnotherToolAreLookedAtAsItCallsThem() throws IOException {
    write("V1_2__users.sql", "CREATE TABLE users (id int)");
    assertThat(Run.of("validate", "-f", folder))
        .satisfies(it -> assertThat(it.code()).isEqualTo(1))
        .satisfies(it -> assertThat(it.out()).contains("the name does not say its version"));
    assertThat(Run.of("validate", "-f", folder, "--adopt", "FLYWAY"))
        .satisfies(it -> assertThat(it.code()).isZero())
        .satisfies(it -> assertThat(it.out()).contains("1 files, 0 problems, 0 warnings"));
  }

  @Test
  void newMakesARepeatableOne() {
    assertThat(Run.of("new", "active_users", "-r", "-f", folder).code()).isZero();
    assertThat(folder.resolve("R__active_users.sql")).exists();
    assertThat(Run.of("new", "active_users", "-r", "-f", folder))
        .satisfies(it -> assertThat(it.code()).isEqualTo(1))
        .satisfies(it -> assertThat(it.err()).contains("R__active_users.sql is there already"));
    assertThat(Run.of("new", "what?", "-f", folder))
        .satisfies(it -> assertThat(it.code()).isEqualTo(1))
        .satisfies(it -> assertThat(it.err()).contains("\"what?\" is no name"));
  }

  @Test
  void validateNamesEverythingThatIsWrong() throws IOException {
    write("20260115_a.sql", "ALTER TABLE ${schema}.users ADD a int");
    write("20260116_b.sql", "COMMIT");
    write("next.sql", "SELECT 1");
    Run run = Run.of("validate", "-f", folder);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out())
        .contains(
            "problem: ", "${schema} is not defined", "COMMIT", "next.sql", "0 files, 3 problems");
    Map<String, Object> json =
        Json.read(Run.of("validate", "-f", folder, "--json", "-p", "schema=shop").out(), MAP);
    assertThat((List<?>) json.get("problems")).hasSize(2);
    assertThat((List<?>) json.get("warnings")).hasSize(1);
  }

  @Test
  void validateWarnsOfWhatWorksAndMayHurt() throws IOException {
    write("20260115_a.sql", "DROP VIEW v CASCADE");
    write("R__v.sql", "CREATE OR REPLACE VIEW w AS SELECT 1 AS n");
    Run run = Run.of("validate", "-f", folder);
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains("20260115_a.sql: no .down.sql is beside it", "line 1: CASCADE drops")
        .contains("2 files, 0 problems, 2 warnings");
    assertThat(Run.of("validate", "-f", folder, "--require-down").code()).isEqualTo(1);
  }

  @Test
  void whatCannotBeUnderstoodIsAnotherCode() {
    assertThat(Run.of("validate", "--wrong").code()).isEqualTo(2);
    assertThat(Run.of().code()).isEqualTo(2);
    assertThat(Run.of("repair", "20260115_a", "--url", "jdbc:postgresql://nowhere/x").code())
        .isEqualTo(2);
    assertThat(Run.of("--help").out()).contains("new", "validate", "info", "baseline", "repair");
    assertThat(Run.of("validate", "-f", folder.resolve("nowhere")))
        .satisfies(it -> assertThat(it.code()).isEqualTo(1))
        .satisfies(it -> assertThat(it.out()).contains("nowhere"));
  }
}
