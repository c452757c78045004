package dev.migrator.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallsTests {

  @ParameterizedTest
  @CsvSource(
      delimiterString = " ~ ",
      quoteCharacter = '`',
      textBlock =
          """
          concat(a, b) ~ coalesce(a, b)
          f(Concat (a), concat) ~ f(coalesce (a), concat)
          'concat(a)' || a ~ 'concat(a)' || a
          "concat"(a) ~ "concat"(a)
          /* concat( */ concat(concat(a)) ~ /* concat( */ coalesce(coalesce(a))
          """)
  void onlyCallsAreRenamed(String expression, String renamed) {
    assertThat(Calls.renamed(expression, Set.of("concat"), "coalesce")).isEqualTo(renamed);
  }
}
