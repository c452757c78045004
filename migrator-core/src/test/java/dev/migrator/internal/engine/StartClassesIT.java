package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.MigratorBuilder;
import dev.migrator.Phase;
import dev.migrator.ReadTime;
import dev.migrator.internal.backfill.BackfillWorkers;
import dev.migrator.test.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * What a start with nothing to do loads in a JVM that has loaded nothing else: most of its time is
 * that.
 */
class StartClassesIT {

  private static final Pattern LOADED = Pattern.compile("(?m)^\\[class,load] (\\S+) source:");

  private static final String DONE = "nothing to do";

  private static final String WRITES_JSON = "tools.jackson.core.json.JsonWriteContext";

  private static final String IN_TRANSACTION = "a transaction begins";

  private static final String OUTSIDE = "a transaction has ended";

  private static final String AT_ONCE = "at once";

  private static final String TELLING = "at once, telling of transactions";

  private static final String AT_RUN_TIME = "at run time";

  private static final Migration.Backfilled CHANGE =
      Migration.define("c").table("t").renameColumn("a", "b");

  /**
   * Starts with nothing to do. Arguments: URL, user name and password of a database, and what is
   * declared, a folder of SQL files or one of the beans.
   */
  public static void main(String[] arguments) {
    Migrator migrator = migrator(arguments[0], arguments[1], arguments[2], arguments[3]);
    migrator.prepare();
    System.out.println(DONE);
    // Without what an end loads.
    Runtime.getRuntime().halt(0);
  }

  private static Migrator migrator(String url, String username, String password, String declared) {
    DataSource dataSource = new DriverManagerDataSource(url, username, password);
    MigratorBuilder builder =
        Migrator.builder(
            declared.equals(TELLING) ? new TellsOfTransactions(dataSource) : dataSource);
    switch (declared) {
      case AT_ONCE, TELLING -> builder.declare("bean", CHANGE.switchRead());
      case AT_RUN_TIME -> builder.declare("bean", CHANGE.switchRead(ReadTime.atRuntime()));
      default -> builder.sqlFiles("file:" + declared);
    }
    return builder.build();
  }

  /** Starts and ends, which notes that what is recorded is what it declares. */
  private static void start(Fixture fixture, String declared) {
    TestDatabase database = fixture.database();
    try (Migrator migrator =
        migrator(database.jdbcUrl(), database.username(), database.password(), declared)) {
      migrator.prepare();
    }
  }

  @Test
  void onlyWhatItNeeds() throws IOException, InterruptedException {
    try (Fixture fixture = Fixture.withoutJournal()) {
      fixture.execute("CREATE TABLE t (id int PRIMARY KEY, a text NOT NULL)");
      fixture.reach(Phase.SWITCH_READ, CHANGE.switchRead());
      start(fixture, AT_ONCE);
      List<String> loaded = loaded(fixture, AT_ONCE);
      assertNothingElse(loaded);
      List<String> ours = loaded.stream().filter(it -> it.startsWith("dev.migrator.")).toList();
      // Each lambda is a class as well, and one that is made in that moment.
      assertThat(ours).hasSizeLessThan(240);
      assertThat(ours).filteredOn(it -> it.contains("$$Lambda")).hasSizeLessThan(50);
    }
  }

  @Test
  void nothingElseToReadTheNewSide() throws IOException, InterruptedException {
    try (Fixture fixture = Fixture.withoutJournal()) {
      fixture.execute("CREATE TABLE t (id int PRIMARY KEY, a text NOT NULL)");
      fixture.reach(Phase.SWITCH_READ, CHANGE.switchRead(ReadTime.atRuntime()));
      start(fixture, AT_RUN_TIME);
      assertNothingElse(loaded(fixture, AT_RUN_TIME));
      assertThat(fixture.value("SELECT reads FROM migrator.instance WHERE left_at IS NULL"))
          .contains("{\"c\": \"NEW\"}");
    }
  }

  @Test
  void nothingElseForFiles(@TempDir Path folder) throws IOException, InterruptedException {
    Files.writeString(folder.resolve("20261128100000_t.sql"), "CREATE TABLE t (id int)");
    Files.writeString(folder.resolve("20261128100000_t.down.sql"), "DROP TABLE t");
    Files.writeString(folder.resolve("20261128100001_u.sql"), "CREATE TABLE u (id int)");
    Files.writeString(folder.resolve("20261128100001_u.down.sql"), "DROP TABLE u");
    try (Fixture fixture = Fixture.withoutJournal()) {
      start(fixture, folder.toString()); // runs them
      start(fixture, folder.toString());
      assertNothingElse(loaded(fixture, folder.toString()));
      assertThat(fixture.value("SELECT count(same_as) FROM migrator.migration")).isEqualTo("2");
    }
  }

  /** A transaction holds locks, and is ended when it is idle for too long. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatWritesJsonIsNotLoadedInATransaction(boolean alone)
      throws IOException, InterruptedException {
    try (Fixture fixture = new Fixture()) {
      fixture.execute("CREATE TABLE t (id int PRIMARY KEY, a text NOT NULL)");
      if (!alone) {
        fixture.migrator().prepare();
      }
      String output = output(fixture, TELLING);
      String before =
          output.substring(0, output.indexOf("[class,load] " + WRITES_JSON + " source:"));
      assertThat(before.lastIndexOf(IN_TRANSACTION)).isLessThan(before.lastIndexOf(OUTSIDE));
      assertThat(fixture.value("SELECT phase FROM migrator.migration")).isEqualTo("SWITCH_READ");
    }
  }

  private static void assertNothingElse(List<String> loaded) {
    assertThat(loaded)
        .contains(Startup.class.getName())
        // What works, answers and plans is made when that is asked for.
        .doesNotContain(
            MigrationExecutor.class.getName(),
            Leadership.class.getName(),
            BackfillWorkers.class.getName(),
            PlanReader.class.getName(),
            OneRun.class.getName(),
            Report.class.getName(),
            "dev.migrator.internal.engine.step.LockedTransactions",
            "dev.migrator.operation.AddIndex")
        // No JSON is read or written.
        .noneMatch(it -> it.contains("jackson"))
        // Spring's converters and transactions, the JVM's management, and the hash code of a record
        // with all that a migration says.
        .doesNotContain(
            "org.springframework.core.convert.support.DefaultConversionService",
            "org.springframework.jdbc.core.SimplePropertyRowMapper",
            "org.springframework.jdbc.support.JdbcTransactionManager",
            "java.lang.management.ManagementFactory",
            "java.lang.runtime.ObjectMethods");
  }

  private static List<String> loaded(Fixture fixture, String declared)
      throws IOException, InterruptedException {
    return LOADED.matcher(output(fixture, declared)).results().map(StartClassesIT::name).toList();
  }

  private static String output(Fixture fixture, String declared)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load:stdout:tags",
                "-classpath",
                System.getProperty("java.class.path"),
                StartClassesIT.class.getName(),
                fixture.database().jdbcUrl(),
                fixture.database().username(),
                fixture.database().password(),
                declared)
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains(DONE);
    return output;
  }

  private static String name(MatchResult found) {
    return found.group(1);
  }

  /** Says among the classes that are loaded where a transaction begins and ends. */
  private static final class TellsOfTransactions extends ProxiedDataSource {

    TellsOfTransactions(DataSource target) {
      super(target);
    }

    @Override
    @Nullable Object on(Call call) throws Throwable {
      if (call.name().equals("setAutoCommit") && call.args() != null) {
        System.out.println(call.args()[0].equals(false) ? IN_TRANSACTION : OUTSIDE);
      }
      return call.proceed();
    }
  }
}
