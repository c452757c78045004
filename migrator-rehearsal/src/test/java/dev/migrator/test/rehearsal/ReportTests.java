package dev.migrator.test.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Phase;
import dev.migrator.plan.LockMode;
import dev.migrator.test.rehearsal.UseFinding.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** What a person reads. */
class ReportTests {

  private static RehearsalReport report() {
    MeasuredLock lock =
        new MeasuredLock(
            "users",
            LockMode.ACCESS_EXCLUSIVE,
            1_200,
            Duration.ofMillis(1_500),
            Duration.ofSeconds(40),
            Duration.ofSeconds(1),
            Duration.ofSeconds(3));
    StatementReport statement =
        new StatementReport(
            "ALTER TABLE <users>",
            1_200,
            2,
            Duration.ofSeconds(40),
            Duration.ofMillis(1_500),
            20_480,
            List.of(lock),
            List.of("users"),
            List.of("i on users"),
            List.of("users"));
    PhaseReport phase =
        new PhaseReport(
            Phase.EXPAND,
            false,
            Duration.ofSeconds(4),
            20_480,
            List.of(new TableGrowth("users", 1_000, 1_280)),
            List.of(new StepReport("add", List.of(statement))));
    return new RehearsalReport(
            "m & n",
            "18.6",
            List.of("users: 1,000"),
            List.of(phase),
            List.of(new UseFinding("EXPAND", "select '<'", Kind.FAILS, "no \"such\" thing")),
            List.of(
                new ClientReport(
                    "EXPAND", 1_234, Duration.ofMillis(1_500), "select\n '<'", List.of("no <x>"))),
            List.of("another version"),
            List.of(),
            null)
        .withUndone(
            List.of(
                new UndoResult("EXPAND", List.of(), null),
                new UndoResult("CONTRACT", List.of("+ table <b>"), null)))
        .withKilled(new KillResult(List.of("EXPAND"), List.of(), null));
  }

  @Test
  void thePageSaysAllAndEscapesAll() {
    assertThat(report().toHtml())
        .contains("<title>Rehearsal of m &amp; n</title>")
        .contains("ALTER TABLE &lt;users&gt;")
        .contains("select &#39;&lt;&#39;</code><br>no &quot;such&quot; thing")
        .contains("class=\"bar everybody\" style=\"left:25.00%;width:50.00%\"")
        .contains("1,200 × at most 1,500 ms")
        .contains("<b>users</b> 1,000 bytes → 1,280 bytes, +28 %")
        .contains("<li class=\"well\"><b>from EXPAND</b> the catalog is as it was</li>")
        .contains("<li class=\"fails\"><b>from CONTRACT</b> + table &lt;b&gt;</li>")
        .contains("<li class=\"well\"><b>in the middle of EXPAND</b> another instance went on")
        .contains("<li class=\"fails\"><b>during</b> EXPAND: 1,234 statements")
        .doesNotContain("<users>", "table <b>", "<x>");
  }

  @Test
  void theTextIsTheSameInEveryCountry() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertThat(report().toText())
          .contains("1,200 times, 40.0 s, at most 1,500 ms, 2 did not succeed, 20 kB of WAL")
          .contains("ACCESS EXCLUSIVE on users, 1,200 times, held for at most 1,500 ms")
          .contains("writes anew users; builds i on users; reads all rows of users")
          .contains(
              "clients during EXPAND: 1,234 statements, the slowest took 1,500 ms: select '<'; fails: no <x>")
          .contains("FAILS after EXPAND: select '<'")
          .contains("undo from CONTRACT: + table <b>")
          .contains("killed in EXPAND: another instance went on");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void theLongestBlockIsThatOfALockThatBlocksSomebody() {
    assertThat(report().longestBlock())
        .hasValueSatisfying(it -> assertThat(it.longest()).isEqualTo(Duration.ofMillis(1_500)));
    assertThat(report().phases().get(0).growth().get(0).percent()).isEqualTo(28);
  }
}
