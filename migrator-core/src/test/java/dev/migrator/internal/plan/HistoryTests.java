package dev.migrator.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.FileMigrations;
import dev.migrator.Migration;
import dev.migrator.operation.SqlFile;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The one order of beans and files. */
class HistoryTests {

  @ParameterizedTest
  @CsvSource({
    "2026-11-22-users-full-name, 20261122000000",
    "20261122_users, 20261122000000",
    "20261122103000_users, 20261122103000",
    "202611221030_users, 20261122103000",
    "2026-11-22T10:30:05-users, 20261122103005",
    "2026-11-22-2fa, 20261122000000",
    "2026-11-22-10-users, 20261122000000",
    "users-2026-11-22, ''",
    "12345678_users, ''",
    "m, ''"
  })
  void anIdBeginsWithADate(String id, String stamp) {
    assertThat(History.stamp(id)).isEqualTo(stamp);
  }

  @Test
  void beansAndFilesAreInOneOrder() {
    assertThat(
            sorted(
                bean("late"),
                bean("2026-11-23-b"),
                file("20261122100000_c"),
                bean("2026-11-22-a"),
                bean("early"),
                file("20261122_d")))
        .containsExactly(
            "20261122_d", "2026-11-22-a", "20261122100000_c", "2026-11-23-b", "late", "early");
  }

  @Test
  void whatSaysAfterComesBehindWhatItNames() {
    assertThat(
            sorted(
                bean("2026-11-22-a", "2026-11-24-c", "not-here"),
                bean("2026-11-23-b"),
                file("20261124_c"),
                bean("2026-11-24-c")))
        .containsExactly("2026-11-24-c", "2026-11-22-a", "2026-11-23-b", "20261124_c");
    assertThat(sorted(bean("2026-11-22-a", "2026-11-23-b"), bean("2026-11-23-b", "2026-11-22-a")))
        .containsExactlyInAnyOrder("2026-11-22-a", "2026-11-23-b");
  }

  private static List<String> sorted(Declaration... declarations) {
    return History.sorted(List.of(declarations)).stream().map(Declaration::id).toList();
  }

  private static Declaration bean(String id, String... after) {
    var builder = Migration.define(id);
    for (String other : after) {
      builder = builder.after(other);
    }
    return Declaration.of(id, builder.table("t").comment("a table"));
  }

  private static Declaration file(String id) {
    SqlFile file =
        new SqlFile(
            id,
            "sum",
            Stream.of("SELECT 1").map(it -> new SqlFile.Statement(1, it, false)).toList(),
            null,
            false,
            false,
            true,
            List.of(),
            false);
    return Declaration.of(id, FileMigrations.of(id, file));
  }
}
