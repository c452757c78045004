package dev.migrator.autoconfigure.hibernate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.source.BeanLanguage;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class MissingColumnTests {

  private static final LocalDate TODAY = LocalDate.of(2026, 11, 27);

  @Test
  void withoutAnotherColumnItCanOnlyBeNew() {
    MissingColumn missing = missing("owners", "phone");
    assertThat(missing.description())
        .isEqualTo(
            "Owner.phone maps the column \"phone\"; the table \"owners\" has none, and no migration adds it.");
    assertThat(missing.action(TODAY))
        .startsWith("If \"phone\" is a new column, declare")
        .doesNotContain("renameColumn");
  }

  @Test
  void ofTwoEachMayBeIt() {
    MissingColumn missing = missing("owners", "phone", "fax", "telephone");
    assertThat(missing.description())
        .endsWith("Its columns \"fax\", \"telephone\" are mapped by nobody.");
    assertThat(missing.action(TODAY))
        .contains(".renameColumn(\"fax\", \"phone\")", ".renameColumn(\"telephone\", \"phone\")");
  }

  @Test
  void ofManyNoneIsGuessed() {
    assertThat(missing("owners", "phone", "a", "b", "c", "d").action(TODAY))
        .contains(
            "is the new name of another column", ".renameColumn(\"another column\", \"phone\")");
  }

  /** What is said can be pasted. */
  @Test
  void anyNameMakesABean() {
    assertThat(missing("Order \"Line\"", "Größe", "x").action(TODAY))
        .contains(
            "Migration orderLineGrE()",
            "\"2026-11-27-order-line-gr-e\"",
            ".table(\"Order \\\"Line\\\"\")",
            ".renameColumn(\"x\", \"Größe\")");
    assertThat(missing("2nd", "a").action(TODAY)).contains("Migration change2ndA()");
    assertThat(missing("日", "本").action(TODAY)).contains("Migration change()");
  }

  /** Who annotates the attribute is not asked, unless that column is not there. */
  @Test
  void whatTheMappingSaysIsNotAsked() {
    assertThat(annotated("telephone", "fax", "telephone").action(TODAY))
        .startsWith("Declare")
        .contains(".renameColumn(\"telephone\", \"phone\")")
        .doesNotContain("fax", "addColumn");
    assertThat(annotated("teléfono", "telephone").action(TODAY))
        .startsWith("If \"phone\" is the new name of \"telephone\"")
        .contains("addColumn");
  }

  @Test
  void anEntityInKotlinIsToldKotlin() {
    assertThat(
            new MissingColumn(
                    "Owner.phone",
                    null,
                    "o$",
                    "phone",
                    "text",
                    List.of(),
                    List.of(),
                    BeanLanguage.KOTLIN)
                .action(TODAY))
        .endsWith(
            """
                @Bean
                fun oPhone(): Migration =
                  Migration.define("2026-11-27-o-phone")
                    .table("o\\$")
                    .addColumn("phone", "text")\
            """);
    assertThat(BeanLanguage.of(MissingColumnTests.class)).isEqualTo(BeanLanguage.JAVA);
  }

  private static MissingColumn annotated(String former, String... unmapped) {
    return new MissingColumn(
        "Owner.phone",
        null,
        "owners",
        "phone",
        "text",
        List.of(former),
        List.of(unmapped),
        BeanLanguage.JAVA);
  }

  private static MissingColumn missing(String table, String column, String... unmapped) {
    return new MissingColumn(
        "Owner.phone",
        null,
        table,
        column,
        "text",
        List.of(),
        List.of(unmapped),
        BeanLanguage.JAVA);
  }
}
