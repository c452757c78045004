package dev.migrator.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

/** A file says in one way what it allows to the engine and to the check. */
class CheckAllowanceTests {

  private static Directives of(String line) {
    return Directives.of("a.sql", line + "\nSELECT 1");
  }

  @Test
  void rulesOfTheCheckNeedNoDay() {
    assertThat(of("-- migrator: allow table-rewrite \"small\"").allowances())
        .singleElement()
        .satisfies(it -> assertThat(it.rule()).isEqualTo("table-rewrite"))
        .satisfies(it -> assertThat(it.until().getYear()).isEqualTo(9999));
    assertThat(of("-- migrator: allow table-rewrite \"small\" until 2026-12-31").allowances())
        .extracting(it -> it.until().toString())
        .containsExactly("2026-12-31");
  }

  @Test
  void rulesOfTheEngineNeedOne() {
    assertThatExceptionOfType(FileProblem.class)
        .isThrownBy(() -> of("-- migrator: allow column-removed \"unused\""))
        .withMessageContaining("until a day only");
    assertThatExceptionOfType(FileProblem.class)
        .isThrownBy(() -> of("-- migrator: allow nothing \"unused\" until 2026-12-31"))
        .withMessageContaining("there is no rule \"nothing\"")
        .withMessageContaining("column-removed")
        .withMessageContaining("table-rewrite");
  }
}
