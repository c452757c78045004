package dev.migrator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.internal.json.Json;
import dev.migrator.test.Await;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;

/** Commands on a database, beside an application that runs the same files. */
class DatabaseCommandsIT {

  private static final String AVATAR = "20260115120000_add_avatar_url";

  private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

  private final TestDatabase database = TestPostgres.newDatabase();

  private final JdbcClient jdbc = JdbcClient.create(database.dataSource());

  @TempDir Path folder;

  @BeforeEach
  void files() throws IOException {
    jdbc.sql("CREATE TABLE users (id int)").update();
    write(AVATAR + ".sql", "ALTER TABLE users ADD avatar_url text");
    write(AVATAR + ".down.sql", "ALTER TABLE users DROP avatar_url");
    write("20260116_next.sql", "CREATE TABLE next (id int)");
  }

  @AfterEach
  void drop() {
    database.close();
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private Run run(String command, Object... args) {
    List<Object> all = new ArrayList<>(List.of(command, "-f", folder));
    all.addAll(List.of("--url", database.jdbcUrl(), "--user", database.username()));
    all.addAll(List.of("--password=" + database.password()));
    all.addAll(List.of(args));
    return Run.of(all.toArray());
  }

  private Migrator application() {
    return Migrator.builder(database.dataSource())
        .application("shop", "1")
        .sqlFiles("file:" + folder)
        .build();
  }

  private long columns() {
    return jdbc.sql("SELECT count(*) FROM pg_attribute WHERE attname = 'avatar_url'")
        .query(Long.class)
        .single();
  }

  @Test
  void infoSaysWhatIsAppliedAndChangesNothing() {
    Run before = run("info");
    assertThat(before.code()).isZero();
    assertThat(before.out()).contains("PENDING    " + AVATAR, "1 PENDING, 1 HELD");
    assertThat(jdbc.sql("SELECT to_regnamespace('migrator')::text").query(String.class).optional())
        .isEmpty();
    try (Migrator migrator = application()) {
      migrator.prepare();
      Run after = run("info", "--watch");
      assertThat(after.code()).isZero();
      assertThat(after.out())
          .contains("REACHED    " + AVATAR, "EXPAND since ", "2 REACHED", ": shop 1, seen at ");
      Map<String, Object> json = Json.read(run("info", "--json").out(), MAP);
      assertThat((List<?>) json.get("migrations")).hasSize(2);
      assertThat((List<?>) json.get("fleet")).hasSize(1);
    }
  }

  @Test
  void infoOfADatabaseThatIsNotThereIsOneLine() {
    Run run = Run.of("info", "--url", "jdbc:postgresql://localhost:1/nothing");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err().lines()).singleElement().asString().contains("cannot be reached");
  }

  @Test
  void repairIsJournaledWithItsReason() throws IOException {
    assertThat(run("repair", AVATAR, "--reason", "why").err()).contains("no journal");
    try (Migrator migrator = application()) {
      migrator.prepare();
    }
    assertThat(run("repair", AVATAR, "--reason", "why"))
        .satisfies(it -> assertThat(it.code()).isEqualTo(1))
        .satisfies(it -> assertThat(it.err()).contains("needs no repair"));
    write(AVATAR + ".sql", "ALTER TABLE users ADD COLUMN avatar_url text");
    Run repair = run("repair", AVATAR, "--reason", "only the word COLUMN");
    assertThat(repair.code()).isZero();
    assertThat(repair.out()).contains(AVATAR + ": the file may be what it is now");
    try (Migrator migrator = application()) {
      migrator.prepare();
      assertThat(migrator.status(AVATAR).orElseThrow().events())
          .anyMatch(it -> "REPAIR: only the word COLUMN".equals(it.detail()));
    }
    Files.delete(folder.resolve(AVATAR + ".sql"));
    Files.delete(folder.resolve(AVATAR + ".down.sql"));
    assertThat(run("repair", AVATAR, "--reason", "squashed").out()).contains("may be missing");
    try (Migrator migrator = application()) {
      migrator.prepare();
    }
  }

  @Test
  void baselineNotesWhatIsThereAndRunsNothing() throws IOException {
    jdbc.sql("ALTER TABLE users ADD avatar_url text").update();
    Run run = run("baseline", "--to", AVATAR, "--reason", "older than its journal");
    assertThat(run.code()).isZero();
    assertThat(run.out().lines()).containsExactly(AVATAR, "1 files are noted as run");
    assertThat(run("baseline", "--to", AVATAR, "--reason", "again").out())
        .startsWith("0 files are noted");
    try (Migrator migrator = application()) {
      migrator.prepare();
      assertThat(run("info").out()).contains("2 REACHED");
    }
    assertThat(jdbc.sql("SELECT to_regclass('next')::text").query(String.class).single())
        .isEqualTo("next");
    assertThat(run("baseline", "--to", "20200101_x", "--reason", "why").err())
        .contains("no file has the id");
    // It can be undone as if it had run.
    Files.list(folder).forEach(it -> it.toFile().delete());
    try (Migrator other = Migrator.builder(database.dataSource()).build()) {
      other.prepare();
      other.start();
      other.execute(AVATAR, OperatorCommand.UNDO);
      Await.until(() -> columns() == 0);
    }
  }

  @Test
  void baselineWaitsForNobodyAndDisturbsNobody() {
    try (Migrator migrator = application()) {
      migrator.prepare();
    }
    jdbc.sql(
            "UPDATE migrator.lease SET instance = 'another', token = token + 1, expires_at = now() + interval '1 minute' WHERE name = 'leader'")
        .update();
    assertThat(run("baseline", "--reason", "why").err()).contains("works on this database");
  }

  /** As a shell starts it. */
  @Test
  void theMainClassEndsWithTheCode() throws Exception {
    Path log = folder.resolve("main.log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                MigratorCli.class.getName(),
                "validate",
                "-f",
                folder.resolve("nowhere").toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(process.waitFor(3, TimeUnit.MINUTES)).as("it ends").isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(log).content().contains("there is no such folder");
    assertThat(process.exitValue()).isEqualTo(1);
  }
}
