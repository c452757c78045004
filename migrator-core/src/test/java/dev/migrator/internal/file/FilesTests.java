package dev.migrator.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.Phase;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.operation.SqlFile;
import dev.migrator.operation.SqlFile.Allowance;
import dev.migrator.operation.SqlFile.Statement;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What files say, and what is wrong with them. */
class FilesTests {

  private static final String NAME = "20260115120000_add_avatar_url.sql";

  private static SourceFile file(String name, String text) {
    return new SourceFile("db/migrator/" + name, text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<FileMigration> parse(String... namesAndTexts) {
    List<SourceFile> files = new ArrayList<>();
    for (int i = 0; i < namesAndTexts.length; i += 2) {
      files.add(file(namesAndTexts[i], namesAndTexts[i + 1]));
    }
    return SqlFiles.parse(files, Map.of("role", "shop"));
  }

  private static SqlFile one(String text) {
    return parse(NAME, text).get(0).file();
  }

  private static void refused(String text, String... parts) {
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(() -> one(text))
        .withMessageContaining("SQL file db/migrator/" + NAME)
        .withMessageContainingAll(parts);
  }

  @Test
  void aFileAndItsDownAreOneMigration() {
    List<FileMigration> migrations =
        parse(
            "20260115120001_b.up.sql",
            "SELECT 2",
            NAME,
            "ALTER TABLE users ADD avatar_url text;\n\nSELECT ';';\n",
            "20260115120001_b.down.sql",
            "SELECT -2",
            "20260115120000_add_avatar_url.down.sql",
            "ALTER TABLE users DROP avatar_url",
            "20260116_c.sql",
            "SELECT 3");
    assertThat(migrations)
        .extracting(FileMigration::id)
        .containsExactly("20260115120000_add_avatar_url", "20260115120001_b", "20260116_c");
    SqlFile first = migrations.get(0).file();
    assertThat(first.statements())
        .containsExactly(
            new Statement(1, "ALTER TABLE users ADD avatar_url text", false),
            new Statement(3, "SELECT ';'", false));
    assertThat(first.down())
        .containsExactly(new Statement(1, "ALTER TABLE users DROP avatar_url", false));
    assertThat(first.inTransaction()).isTrue();
    assertThat(first.last()).isEqualTo(Phase.EXPAND);
    assertThat(migrations.get(2).file().down()).isNull();
  }

  @Test
  void itSaysWhatItIsByDirectives() {
    SqlFile file =
        one(
            """
            -- What this is for
            --migrator: contract
              -- migrator:   allow type-changed "nobody reads it" until 2027-01-31

            DROP TABLE old
            """);
    assertThat(file.contract()).isTrue();
    assertThat(file.last()).isEqualTo(Phase.CONTRACT);
    assertThat(file.allowances())
        .containsExactly(
            new Allowance("type-changed", "nobody reads it", LocalDate.of(2027, 1, 31)));
    assertThat(file.statements().get(0).line()).isEqualTo(5);
    assertThat(one("-- migrator: long\nUPDATE t SET a = 1").longWork()).isTrue();
    assertThat(one("-- migrator: no-transaction\nSELECT 1; SELECT 2").inTransaction()).isFalse();
    assertThat(parse(NAME, "-- migrator: after 2026-01-01-a\nSELECT 1").get(0).after())
        .containsExactly("2026-01-01-a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-- migrator: contrakt\nSELECT 1",
        "-- migrator: allow\nSELECT 1",
        "-- migrator: allow no-rule \"why\" until 2027-01-31\nSELECT 1",
        "-- migrator: allow not-null \"why\" until tomorrow\nSELECT 1",
        "-- migrator: allow not-null \"why\" until 2027-02-30\nSELECT 1"
      })
  void anUnknownDirectiveIsRefused(String text) {
    refused(text, "line 1");
  }

  @Test
  void aDirectiveBehindAStatementIsRefused() {
    refused("DROP TABLE old;\n-- migrator: contract\n", "line 2", "move it to the top");
    refused("-- migrator: contract\n-- migrator: long\nSELECT 1", "line 2", "do not go together");
  }

  @Test
  void placeholdersGetTheirValues() {
    assertThat(one("GRANT SELECT ON t TO ${role}").statements().get(0).sql())
        .isEqualTo("GRANT SELECT ON t TO shop");
    assertThat(one("SELECT $${role}$$").statements().get(0).sql()).isEqualTo("SELECT $${role}$$");
    refused(
        "SELECT 1;\nGRANT SELECT ON t TO ${rolle}",
        "line 2",
        "${rolle} is not defined",
        "migrator.sql.placeholders.rolle");
  }

  @Test
  void onlyWhatItMeansIsInItsSum() {
    String sum = one("SELECT  1 -- one\n;").checksum();
    assertThat(one("-- what\nSELECT 1").checksum()).isEqualTo(sum);
    assertThat(one("SELECT 1\r\n").checksum()).isEqualTo(sum);
    assertThat(one("SELECT 2").checksum()).isNotEqualTo(sum);
    assertThat(SqlFiles.parse(List.of(file(NAME, "GRANT a TO ${role}")), Map.of("role", "x")))
        .extracting(it -> it.file().checksum())
        .containsExactly(one("GRANT a TO ${role}").checksum());
  }

  @Test
  void whatCannotRunInATransactionRunsAlone() {
    SqlFile file = one("CREATE INDEX CONCURRENTLY i ON t (a);\nSELECT 1; VACUUM t");
    assertThat(file.inTransaction()).isFalse();
    assertThat(file.statements()).extracting(Statement::outside).containsExactly(true, false, true);
    refused("SELECT 1;\nCREATE INDEX CONCURRENTLY ON t (a)", "line 2", "no name");
    refused("VACUUM FULL t", "line 1", "VACUUM FULL", "pg_repack");
    refused("REINDEX SCHEMA public", "CONCURRENTLY");
    refused("DROP INDEX CONCURRENTLY i", "line 1", "-- migrator: contract");
    refused("CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)", "-- migrator: contract", "addUnique");
    assertThat(one("-- migrator: contract\nDROP INDEX CONCURRENTLY i").contract()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "add_avatar_url.sql",
        "20260115_.sql",
        "2026011512_a.sql",
        "20260115120000.sql",
        "20260115120000_a.undo.sql",
        "20260115120000_a b.sql",
        "V1__a.sql"
      })
  void aNameThatDoesNotParseIsRefused(String name) {
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(() -> parse(name, "SELECT 1"))
        .withMessageContainingAll(name, "20260115120000_add_avatar_url.sql");
  }

  @Test
  void twoFilesOfOneVersionAreRefused() {
    for (String other :
        new String[] {
          "20260115120000_other.sql",
          "20260115120000_other.down.sql",
          "20260115120000_add_avatar_url.up.sql",
          "202601151200_other.sql"
        }) {
      assertThatExceptionOfType(InvalidMigrationException.class)
          .isThrownBy(() -> parse(NAME, "SELECT 1", other, "SELECT 2"))
          .withMessageContainingAll(NAME, other, "the same version");
    }
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(() -> parse("20260115_a.down.sql", "SELECT 1"))
        .withMessageContaining("20260115_a.sql");
  }

  @Test
  void whatIsNoSqlForTheServerIsRefused() {
    refused("SELECT 1;\n\n\\connect shop\nSELECT 2;", "line 3", "\\connect is a command of psql");
    refused("\\echo it's\nSELECT 1", "line 1", "\\echo is a command of psql");
    refused("SELECT 1;\nBEGIN;\nSELECT 2", "line 2", "\"BEGIN\"");
    refused("DROP TABLE t; COMMIT", "line 1", "\"COMMIT\"");
    refused("SET statement_timeout = 0; SELECT 1", "\"SET STATEMENT_TIMEOUT\"", "SET LOCAL");
    refused("SELECT 1;\nCOPY t FROM stdin;\n1\tit's\n", "line 2", "COPY", "line with \\.");
    refused("COPY t FROM stdin", "COPY", "no rows");
    refused("COPY t FROM stdin; 1", "COPY", "line behind it");
    refused("COPY t TO stdout", "COPY", "nobody is there to take");
    refused("SELECT 1;\nSELECT 'open", "line 2", "does not end");
    refused(" -- nothing\n", "no statement");
  }

  @Test
  void whatIsNotUtf8IsRefused() {
    byte[] latin1 = "SELECT 1;\nSELECT 'gr\u00fcn'".getBytes(StandardCharsets.ISO_8859_1);
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(() -> SqlFiles.parse(List.of(new SourceFile(NAME, latin1)), Map.of()))
        .withMessageContainingAll(NAME, "line 2", "byte 21", "UTF-8");
    assertThat(one("\uFEFFSELECT 1").statements().get(0).sql()).isEqualTo("SELECT 1");
  }

  @Test
  void allProblemsAreNamedAtOnce() {
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(() -> parse("a.sql", "SELECT 1", NAME, "COMMIT", "20260116_b.sql", "SELECT 1"))
        .withMessageContainingAll("2 SQL files", "a.sql", NAME);
  }

  @Test
  void aRepeatableFileIsAnotherMigrationWithAnotherContent() {
    String first = "CREATE OR REPLACE VIEW v AS SELECT 1 AS n";
    FileMigration one = parse("R__v.sql", first).get(0);
    assertThat(one.id()).matches("R__v\\.[0-9a-f]{12}");
    assertThat(one.file().repeatable()).isTrue();
    assertThat(parse("R__v.sql", first + "\r\n").get(0).id()).isEqualTo(one.id());
    assertThat(parse("R__v.sql", "-- again\n" + first).get(0).id()).isNotEqualTo(one.id());
    List<FileMigration> all =
        parse("R__v.sql", first, NAME, "-- migrator: after R__v\nGRANT SELECT ON v TO shop");
    assertThat(all)
        .extracting(FileMigration::id)
        .containsExactly("20260115120000_add_avatar_url", one.id());
    assertThat(all.get(0).after()).containsExactly(one.id());
  }

  @Test
  void aRepeatableFileHasNoWayBackAndOneName() {
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(() -> parse("R__v.down.sql", "SELECT 1"))
        .withMessageContaining("has none that undoes it");
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(() -> parse("R__v.sql", "SELECT 1", "more/R__v.sql", "SELECT 2"))
        .withMessageContaining("the same name as db/migrator/R__v.sql");
  }

  @Test
  void whatWorksAndMayHurtIsNamed() {
    assertThat(
            FileFindings.of(
                one(
                    """
                    ALTER TABLE users ADD CONSTRAINT c CHECK (id > 0) NOT VALID;
                    ALTER TABLE users VALIDATE CONSTRAINT c;
                    DROP VIEW v CASCADE;
                    ALTER TABLE shop.orders ADD a int;
                    """)))
        .satisfiesExactly(
            it -> assertThat(it).contains("line 2", "VALIDATE in a file of its own"),
            it -> assertThat(it).contains("line 3", "CASCADE"),
            it -> assertThat(it).contains("line 4", "two tables"));
    assertThat(
            FileFindings.of(
                one(
                    "CREATE TABLE t (id int);\nALTER TABLE t ADD a int;\nALTER TABLE users ADD b int")))
        .isEmpty();
  }

  @Test
  void rowsOfACopyAreNoSql() {
    String text =
        "SELECT '${role}';\nCOPY t (a, b) FROM stdin;\n1\tit's ${x}; \"\n2\t\\\\.\n\\.\n\nSELECT 2;\n";
    SqlFile file = one(text);
    assertThat(file.statements())
        .containsExactly(
            new Statement(1, "SELECT 'shop'", false),
            new Statement(2, "COPY t (a, b) FROM stdin", false, "1\tit's ${x}; \"\n2\t\\\\.\n"),
            new Statement(7, "SELECT 2", false));
    assertThat(one(text.replace("SELECT 2", "  SELECT  2")).checksum()).isEqualTo(file.checksum());
    assertThat(one(text.replace("2\t", "3\t")).checksum()).isNotEqualTo(file.checksum());
    assertThat(one("COPY t FROM stdin;\n\\.\n").statements().get(0).data()).isEmpty();
  }
}
