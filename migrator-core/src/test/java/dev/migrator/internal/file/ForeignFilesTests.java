package dev.migrator.internal.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.operation.SqlFile.Statement;
import dev.migrator.settings.Adopt;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that were written for other tools. */
class ForeignFilesTests {

  private static SourceFile file(String path, String sql) {
    return new SourceFile(path, sql.getBytes(StandardCharsets.UTF_8));
  }

  private static SqlFiles.Parsed flyway(String... names) {
    return SqlFiles.read(
        Arrays.stream(names).map(it -> file("db/migration/" + it, "SELECT 1")).toList(),
        Map.of(),
        Adopt.FLYWAY);
  }

  private static List<String> ids(SqlFiles.Parsed parsed) {
    assertThat(parsed.problems()).isEmpty();
    return parsed.migrations().stream().map(FileMigration::id).toList();
  }

  private static String problem(SqlFiles.Parsed parsed) {
    assertThat(parsed.problems()).hasSize(1);
    return parsed.problems().get(0);
  }

  @Test
  void flywaysVersionsThatAreNoDatesComeFirstInItsOrder() {
    assertThat(
            ids(
                flyway(
                    "V10__ten.sql",
                    "20250101_ours.sql",
                    "V2__two.sql",
                    "V1.2.3__parts.sql",
                    "V1_2__dash.sql",
                    "V001__one.sql",
                    "V20260115.1__late.sql",
                    "V20260115__day.sql",
                    "V3.sql",
                    "20240101120000_first_of_ours.sql")))
        .containsExactly(
            "V001__one",
            "V1_2__dash",
            "V1.2.3__parts",
            "V2__two",
            "V3",
            "V10__ten",
            "20240101120000_first_of_ours",
            "20250101_ours",
            "V20260115__day",
            "V20260115.1__late");
  }

  @Test
  void aDateOfFewerDigitsThatFlywayRunsFirstIsRefusedUnlessItSaysSo() {
    String[] names = {"V20260116__day.sql", "V20260115120000__second.sql"};
    assertThat(problem(flyway(names)))
        .contains("V20260116__day.sql: Flyway runs it before", "-- migrator: after V20260116__day");
    assertThat(
            ids(
                SqlFiles.read(
                    List.of(
                        file(names[0], "SELECT 1"),
                        file(names[1], "-- migrator: after V20260116__day\nSELECT 1")),
                    Map.of(),
                    Adopt.FLYWAY)))
        .hasSize(2);
  }

  @Test
  void anUndoFileOfFlywayIsTheWayBackWhateverItIsCalled() {
    SqlFiles.Parsed parsed = flyway("U2__take_back.sql", "V2__make.sql", "V1__x.sql");
    assertThat(ids(parsed)).containsExactly("V1__x", "V2__make");
    assertThat(parsed.migrations().get(1).file().down()).isNotNull();
    assertThat(parsed.migrations().get(0).file().down()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "V1__a.sql, V1.0__b.sql, it has the same version as",
    "V20260115__a.sql, 20260115000000_b.sql, it has the same version as",
    "U2__x.sql, V1__a.sql, it undoes a file that is not there",
    "beforeMigrate.sql, V1__a.sql, it is a callback of Flyway",
    "afterMigrate__grants.sql, V1__a.sql, it is a callback of Flyway",
    "B5__base.sql, V6__a.sql, a baseline migration of Flyway",
    "V1a__x.sql, V2__a.sql, the name does not say its version"
  })
  void whatCannotBeTakenOverIsNamed(String one, String other, String message) {
    assertThat(problem(flyway(one, other))).contains(message);
  }

  @Test
  void namesThatStandInNoUrlAreWrittenInAnotherWay() {
    assertThat(ids(flyway("V1__Create users (first).sql", "R__Active users.sql")))
        .element(0)
        .isEqualTo("V1__Create_users_first_");
    assertThat(ids(flyway("R__Active users.sql")).get(0)).startsWith("R__Active_users.");
  }

  @Test
  void flywaysOwnPlaceholdersAreRefused() {
    assertThat(
            problem(
                SqlFiles.read(
                    List.of(file("V1__a.sql", "SELECT 1;\nSELECT '${flyway:user}'")),
                    Map.of(),
                    Adopt.FLYWAY)))
        .contains("V1__a.sql, line 2", "${flyway:timestamp}");
  }

  /** The numbers are those that Flyway 12.4 keeps; FlywayIT compares them with Flyway itself. */
  @Test
  void theChecksumIsFlywaysWhateverEndsTheLines() {
    assertThat(FlywayChecksum.of("CREATE TABLE a (id int);\n"))
        .isEqualTo(FlywayChecksum.of("CREATE TABLE a (id int);"))
        .isEqualTo(FlywayChecksum.of("CREATE TABLE a (id int);\r\n"))
        .isNotEqualTo(FlywayChecksum.of("CREATE TABLE a (id  int);"));
  }

  private static List<String> supabase(String sql) {
    SqlFiles.Parsed parsed =
        SqlFiles.read(
            List.of(file("supabase/migrations/20240105093000_x.sql", sql)),
            Map.of("known", "value"),
            Adopt.SUPABASE);
    assertThat(parsed.problems()).isEmpty();
    return parsed.migrations().get(0).file().statements().stream().map(Statement::sql).toList();
  }

  @Test
  void whatADumpSetsForTheSessionIsSetForTheTransaction() {
    assertThat(
            supabase(
                "SET statement_timeout = 0; SET row_security = off; set SESSION check_function_bodies to false; SET TIME ZONE 'UTC'; RESET ALL; SET LOCAL work_mem = '1MB'; SELECT 1"))
        .containsExactly(
            "SET LOCAL row_security = off",
            "SET LOCAL check_function_bodies to false",
            "SET LOCAL TIME ZONE 'UTC'",
            "SET LOCAL work_mem = '1MB'",
            "SELECT 1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SET ROLE postgres|it changes the session",
        "SET SESSION AUTHORIZATION x|it changes the session",
        "RESET ROLE|it changes the session",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY|it changes the session",
        "SET TRANSACTION READ ONLY|it begins or ends a transaction",
        "COMMIT|it begins or ends a transaction"
      })
  void whoRunsItAndWhenItEndsStaysTheLibrarys(String sql, String message) {
    SqlFiles.Parsed parsed =
        SqlFiles.read(
            List.of(file("supabase/migrations/20240105093000_x.sql", sql)),
            Map.of(),
            Adopt.SUPABASE);
    assertThat(problem(parsed)).contains(message);
  }

  @Test
  void anEmptyFileHasRunOrHasNot() {
    assertThat(supabase("")).containsExactly("SELECT 1");
    assertThat(supabase("-- later\n;")).containsExactly("SELECT 1");
    assertThat(supabase("SET statement_timeout = 0;")).containsExactly("SELECT 1");
  }

  @Test
  void whatIsNoPlaceholderIsTextAsToTheCli() {
    assertThat(supabase("SELECT '${other} ${known}'")).containsExactly("SELECT '${other} value'");
  }
}
