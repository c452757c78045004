package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * What a start with nothing to do loads in a JVM that has loaded nothing else: most of its time is
 * that.
 */
class StartClassesIT {

  private static final Pattern LOADED = Pattern.compile("(?m)^\\[class,load] (\\S+) source:");

  private static final String DONE = "nothing to do";

  /** Starts with nothing to do. Arguments: URL, user name and password of a database. */
  public static void main(String[] arguments) {
    try (Migrator migrator =
        Migrator.builder(new DriverManagerDataSource(arguments[0], arguments[1], arguments[2]))
            .declare("bean", change())
            .build()) {
      migrator.prepare();
      System.out.println(DONE);
      // Without what an end loads.
      Runtime.getRuntime().halt(0);
    }
  }

  private static Migration change() {
    return Migration.define("c").table("t").renameColumn("a", "b").switchRead();
  }

  @Test
  void onlyWhatItNeeds() throws IOException, InterruptedException {
    try (Fixture fixture = new Fixture()) {
      fixture.execute("CREATE TABLE t (id int PRIMARY KEY, a text NOT NULL)");
      fixture.reach(Phase.SWITCH_READ, change());
      // The first start notes that what is recorded is what it declares.
      loaded(fixture);
      List<String> loaded = loaded(fixture);
      assertThat(loaded)
          .contains(Startup.class.getName())
          // What works, answers and plans is made when that is asked for.
          .doesNotContain(
              PlanReader.class.getName(),
              OneRun.class.getName(),
              Report.class.getName(),
              "dev.migrator.internal.engine.step.LockedTransactions")
          // Spring's converters, and the hash code of a record with all that a migration says.
          .doesNotContain(
              "org.springframework.core.convert.support.DefaultConversionService",
              "org.springframework.jdbc.core.SimplePropertyRowMapper",
              "java.lang.runtime.ObjectMethods")
          .noneMatch(it -> it.contains("jackson"))
          .noneMatch(it -> it.startsWith("java.lang.management."));
      assertThat(loaded.stream().filter(it -> it.startsWith("dev.migrator."))).hasSizeLessThan(450);
    }
  }

  private static List<String> loaded(Fixture fixture) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load:stdout:tags",
                "-classpath",
                System.getProperty("java.class.path"),
                StartClassesIT.class.getName(),
                fixture.database().jdbcUrl(),
                fixture.database().username(),
                fixture.database().password())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains(DONE);
    return LOADED.matcher(output).results().map(StartClassesIT::name).toList();
  }

  private static String name(MatchResult found) {
    return found.group(1);
  }
}
