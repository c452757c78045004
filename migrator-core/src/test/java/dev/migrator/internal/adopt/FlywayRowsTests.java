package dev.migrator.internal.adopt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.operation.SqlFile;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FlywayRowsTests {

  private static final int SUM = 7;

  private final List<FlywayRow> rows = new ArrayList<>();

  private FlywayRowsTests row(@Nullable String version, String type, String script, boolean ok) {
    return row(version, type, script, SUM, ok);
  }

  private FlywayRowsTests row(
      @Nullable String version, String type, String script, @Nullable Integer sum, boolean ok) {
    rows.add(
        new FlywayRow(
            rows.size() + 1,
            version,
            type,
            script,
            sum,
            "app",
            LocalDateTime.parse("2026-01-05T10:00:00"),
            ok));
    return this;
  }

  private Takeover compare(String... ids) {
    return compare(Map.of(), ids);
  }

  private Takeover compare(Map<String, String> repairs, String... ids) {
    List<KnownFile> files = Arrays.stream(ids).map(FlywayRowsTests::file).toList();
    return new FlywayRows(rows, repairs).compare(files, List.of(ids));
  }

  private static KnownFile file(String id) {
    SqlFile file =
        new SqlFile(
            id + ".sql",
            "sum",
            List.of(new SqlFile.Statement(1, "SELECT 1", false)),
            null,
            false,
            false,
            true,
            List.of(),
            id.startsWith("R__"));
    return new KnownFile(id, file, SUM);
  }

  @Test
  void whatSucceededHasRun() {
    row("1", "SQL", "V1__a.sql", true).row("1.2", "SQL", "sub/V1_2__b.sql", true);
    assertThat(compare("V1__a", "V1_2__b", "V2__c").ran())
        .containsOnlyKeys("V1__a", "V1_2__b")
        .containsEntry(
            "V1_2__b", "run by Flyway as sub/V1_2__b.sql, by the role \"app\" at 2026-01-05T10:00");
  }

  @Test
  void aFailedOneIsRefused() {
    row("1", "SQL", "V1__a.sql", false);
    assertThatThrownBy(() -> compare("V1__a"))
        .hasMessageContaining("V1__a.sql has failed")
        .hasMessageContaining("repair");
    row("1", "SQL", "V1__a.sql", true);
    assertThat(compare("V1__a").ran()).hasSize(1);
  }

  @Test
  void aBaselineContainsWhatIsNotAboveIt() {
    row("2.1", "BASELINE", "<< Flyway Baseline >>", null, true).row("3", "SQL", "V3__c.sql", true);
    assertThat(compare("V1__a", "V2_1__b", "V2.2__x", "V3__c", "20260101_own").ran())
        .containsOnlyKeys("V1__a", "V2_1__b", "V3__c")
        .containsEntry("V1__a", "contained in Flyway's baseline, version 2.1");
  }

  @Test
  void whatWasUndoneOrDeletedHasNotRun() {
    row("1", "SQL", "V1__a.sql", true)
        .row("2", "SQL", "V2__b.sql", true)
        .row("2", "UNDO_SQL", "U2__b.sql", true)
        .row("1", "DELETE", "V1__a.sql", null, true);
    assertThat(compare("V1__a", "V2__b").ran()).isEmpty();
    row("2", "SQL", "V2__b.sql", true);
    assertThat(compare("V1__a", "V2__b").ran()).containsOnlyKeys("V2__b");
  }

  @Test
  void anotherContentIsRefusedUnlessARepairSaysWhy() {
    row("1", "SQL", "V1__a.sql", 8, true).row("2", "JDBC", "db.V2__B", null, true);
    assertThatThrownBy(() -> compare("V1__a"))
        .hasMessageContaining("V1__a.sql is not what Flyway ran")
        .hasMessageContaining("migrator.sql.repair.V1__a");
    assertThat(compare(Map.of("V1__a", "a comment"), "V1__a", "V2__b").ran())
        .as("without a sum there is nothing to compare")
        .containsOnlyKeys("V1__a", "V2__b");
  }

  @Test
  void aRepeatableOneHasRunWithThisContentOrNot() {
    row(null, "SQL", "R__Active users.sql", 8, true);
    assertThat(compare("R__Active_users.abc").ran()).isEmpty();
    row(null, "SQL", "R__Active users.sql", SUM, true);
    assertThat(compare("R__Active_users.abc").ran()).hasSize(1);
  }

  @Test
  void whatHasNoFileHereIsNamedUnlessItIsNewer() {
    row(null, "SCHEMA", "\"shop\"", null, true)
        .row("1", "JDBC", "db.migration.V1__Made", null, true)
        .row("2", "SQL", "V2__b.sql", true)
        .row("4", "SQL", "V4__of_a_newer_release.sql", true)
        .row("1.5", "SQL", "evil\n\u001b[31m" + "x".repeat(200), true);
    assertThat(compare("V2__b", "V3__c").without())
        .hasSize(2)
        .contains("db.migration.V1__Made")
        .anyMatch(it -> it.startsWith("evil??[31mx") && it.length() < 90);
  }

  @Test
  void rowsThatNobodyUnderstandsSayNothing() {
    row("not a version", "SQL", "V1__a.sql", true).row("", "", "", true).row(null, "SQL", "", true);
    assertThat(compare("V1__a", "R__a.abc")).isEqualTo(Takeover.NOTHING);
  }
}
