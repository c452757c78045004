package dev.migrator.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** An application as a deployment job: it plans or migrates, does nothing else, and ends. */
@ExtendWith(OutputCaptureExtension.class)
class MigratorJobIT {

  @TempDir private Path folder;

  private TestDatabase database;

  private JdbcClient jdbc;

  @BeforeEach
  void createDatabase() {
    database = TestPostgres.newDatabase();
    jdbc = JdbcClient.create(database.dataSource());
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  private MigratorJobEnded run(String mode, Class<?>... more) {
    MigratorJobEnded[] ended = new MigratorJobEnded[1];
    assertThatExceptionOfType(MigratorJobEnded.class)
        .isThrownBy(() -> UsersApplication.on(database, more).run(arguments(mode)))
        .satisfies(it -> ended[0] = it);
    return ended[0];
  }

  private static String[] arguments(String mode) {
    return new String[] {"--migrator.mode=" + mode, "--migrator.fleet.ignore-applications=*"};
  }

  @Test
  void aPlanIsPrintedAndNothingIsChanged(CapturedOutput output) {
    jdbc.sql("CREATE TABLE users (id int PRIMARY KEY, name text)").update();
    MigratorJobEnded ended = run("plan", Traps.class);
    assertThat(ended.getExitCode()).isZero();
    assertThat(output)
        .contains("1 migration: 1 runs", "ADD COLUMN \"full_name\"", "fingerprint: ")
        .doesNotContain("Application run failed", "APPLICATION FAILED TO START", "Tomcat");
    assertThat(
            jdbc.sql(
                    "SELECT count(*) FROM pg_namespace WHERE nspname = 'migrator' UNION ALL"
                        + " SELECT count(*) FROM pg_class WHERE relname = 'databasechangelog'")
                .query(Long.class)
                .list())
        .containsOnly(0L);
  }

  @Test
  void aJobMigratesBehindLiquibaseAndNothingElseOfTheApplicationRuns(CapturedOutput output) {
    assertThat(run("migrate", Traps.class).getExitCode()).isZero();
    assertThat(jdbc.sql("SELECT count(full_name) FROM users").query(Long.class).single())
        .isPositive();
    assertThat(output)
        .contains("1 migration: 1 reached")
        .doesNotContain("Application run failed", "Tomcat");
    assertThat(run("plan").getExitCode()).isZero();
  }

  @Test
  void whatIsHeldEndsWithTwo(CapturedOutput output) {
    try (Migrator old = Migrator.builder(database.dataSource()).application("shop", "1").build()) {
      old.prepare();
      assertThat(run("migrate", Drop.class).getExitCode()).isEqualTo(2);
      assertThat(output).contains("What is left:", "MIG-6004", "shop 1");
      assertThat(run("plan", Drop.class).getExitCode()).isEqualTo(2);
    }
  }

  @Test
  void whatCannotBeDoneEndsWithOne() {
    jdbc.sql("CREATE TABLE users (id int PRIMARY KEY)").update();
    assertThat(run("plan").getExitCode()).isEqualTo(1);
  }

  @Test
  void whereThereIsNothingToDoItSaysSo() {
    String[] arguments = {"--migrator.mode=plan", "--migrator.enabled=false"};
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> UsersApplication.on(database).run(arguments))
        .withMessageStartingWith("MIG-3107: ");
  }

  /** As a shell or a Kubernetes job sees it. */
  @Test
  void theProcessEndsWithTheCode() throws Exception {
    assertThat(process("migrate")).isZero();
    assertThat(process("plan")).isZero();
    jdbc.sql("UPDATE migrator.migration SET paused = true, phase = 'EXPAND', begun = 'EXPAND'")
        .update();
    assertThat(process("migrate")).isEqualTo(2);
    jdbc.sql("DROP TABLE users CASCADE").update();
    jdbc.sql("UPDATE migrator.migration SET paused = false").update();
    assertThat(process("plan")).isEqualTo(1);
  }

  private int process(String mode) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseSerialGC");
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(Job.class.getName());
    command.add("--spring.datasource.url=" + database.jdbcUrl());
    command.add("--spring.datasource.username=" + database.username());
    command.add("--spring.datasource.password=" + database.password());
    command.add("--spring.liquibase.change-log=classpath:db/changelog/users.yaml");
    command.addAll(List.of(arguments(mode)));
    Path log = folder.resolve(mode + ".log");
    // Not to the output of this JVM, by which it also talks to Maven.
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).as(log.toString()).isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly();
      System.out.println(Files.readString(log));
    }
  }

  /** The whole of an application's main class. */
  static final class Job {

    public static void main(String[] args) {
      SpringApplication.run(new Class<?>[] {UsersApplication.class, Traps.class}, args);
    }
  }

  /** Beans that an application does its own things by, none of which may be made. */
  @Configuration(proxyBeanMethods = false)
  static class Traps {

    @Bean
    Object trap() {
      throw new AssertionError("a bean of the application was made");
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Drop {

    @Bean
    Migration drop() {
      return Migration.define("drop")
          .sql("COMMENT ON TABLE users IS 'old'")
          .inContract()
          .undo("COMMENT ON TABLE users IS NULL");
    }
  }
}
