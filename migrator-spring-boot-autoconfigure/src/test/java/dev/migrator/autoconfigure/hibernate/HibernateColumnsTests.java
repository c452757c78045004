package dev.migrator.autoconfigure.hibernate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HibernateColumnsTests {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "users            | users",
        "Users            | users",
        "shop.Users       | users",
        "\"Users\"        | Users",
        "shop.\"Users\"   | Users",
        "\"Shop\".Users   | users",
        "\"a.b\".\"c.d\"  | c.d",
        "\"a\"\"b\"       | a\"b",
        "x.\"a\"\"b\"     | a\"b",
        "x.\"\"\"a\"      | \"a",
        "x.\"a\"\"\"      | a\"",
      })
  void aNameIsWhatPostgresStores(String expression, String name) {
    assertThat(HibernateColumns.literal(expression)).isEqualTo(name);
  }
}
