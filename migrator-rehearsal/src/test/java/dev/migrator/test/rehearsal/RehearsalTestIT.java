package dev.migrator.test.rehearsal;

import static dev.migrator.test.rehearsal.RehearsalAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.Migration;
import dev.migrator.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The extension, the assertions, and the page that they leave. */
@RehearsalTest(declarations = RehearsalTestIT.Migrations.class)
class RehearsalTestIT {

  private static final String ID = "2026-11-22-users-full-name";

  static class Migrations {

    Migration usersFullName() {
      return RehearsalIT.RENAME;
    }
  }

  @Test
  void rename(Rehearsal rehearsal) throws IOException, InterruptedException {
    RehearsedMigration rename =
        rehearsal
            .of(ID)
            .withRows("users", 5_000)
            .withColumn("users.name", "'<b>' || i")
            .usedBy("select name, email from users where id = 1")
            .usedBy("insert into users (name) values ('x')")
            .usedFrom(Phase.BACKFILL, "select full_name from users where id = 1");
    assertThat(rename).neverBlocksLongerThan(Duration.ofMinutes(1)).rewritesNoTable().staysUsable();
    assertThatThrownBy(() -> assertThat(rename).neverBlocksLongerThan(Duration.ofNanos(1)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(ID + " blocks longer than")
        .hasMessageContaining("EXPAND, step \"add-columns\": ACCESS EXCLUSIVE on users, held for ")
        .hasMessageContaining("LOCK TABLE \"public\".\"users\" IN ACCESS EXCLUSIVE MODE")
        .hasMessageContaining("The way out: smaller ranges, by migrator.backfill.range-target");
    assertPage(rename.report());
  }

  /** The schema and the SQL files are found where they usually are. */
  @Test
  void aFileIsUndone(Rehearsal rehearsal) {
    assertThat(rehearsal.of("20260101000000_users_note")).undoesCleanlyFromEveryPhase();
  }

  @Test
  void whatBreaksIsNamed(Rehearsal rehearsal) throws IOException {
    assertThatThrownBy(
            () ->
                assertThat(rehearsal.of(ID).withRows("users", 100))
                    .staysUsableBy(
                        "select name from users", "select nothing from users where id < 3"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(ID + " breaks statements of the application")
        .hasMessageContaining("after SWITCH_READ: select nothing from users where id < 3")
        .hasMessageContaining("column \"nothing\" does not exist")
        .hasMessageNotContaining("select name from users");
    assertThat(Files.readString(Path.of("target/rehearsals/" + ID + ".html")))
        .contains("fails after SWITCH_READ", "id &lt; 3");
  }

  /** Title, bars and figures, as a browser has them that has read the page. */
  private static void assertPage(RehearsalReport report) throws IOException, InterruptedException {
    Path file = Path.of("target/rehearsals/page.html").toAbsolutePath();
    Files.createDirectories(file.getParent());
    Files.writeString(file, report.toHtml());
    String dom = Browser.isThere() ? Browser.dom(file) : Files.readString(file);
    long locks = report.statements().mapToLong(it -> it.locks().size()).sum();
    assertThat(dom)
        .contains("<title>Rehearsal of " + ID + "</title>")
        .contains(">ACCESS EXCLUSIVE <span>users</span></div>")
        .contains("CONTRACT after retention")
        .contains(TextReport.time(report.duration()))
        .contains("users: 5,000");
    assertThat(dom.split("class=\"bar (everybody|writes|rows|nobody)\"", -1))
        .hasSize((int) locks + 1);
    report
        .statements()
        .flatMap(it -> it.locks().stream())
        .forEach(it -> assertThat(dom).contains(TextReport.time(it.longest())));
    // Nothing is fetched from anywhere.
    assertThat(dom).doesNotContain("http", "src=", "@import", "url(");
  }
}
