package dev.migrator.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MentionsTests {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT new.email",
        "INSERT INTO log VALUES (NEW.EMAIL)",
        "EXECUTE 'UPDATE users SET email = 1'",
        "EXECUTE format($q$ update %I set Email = 1 $q$, t)",
        "x := \"email\"",
        "print(row['email']) # it's python",
      })
  void itContains(String text) {
    assertThat(Mentions.in(text).contain("email")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT emails",
        "-- email\nSELECT 1",
        "SELECT 1 /* email /* email */ */",
        "x := \"EMAIL\"",
        "SELECT my_email, email2",
        "",
      })
  void itDoesNot(String text) {
    assertThat(Mentions.in(text).contain("email")).isFalse();
  }

  @Test
  void aLineIsCountedFromOne() {
    Mentions mentions = Mentions.in("\nBEGIN\n  -- name\n  NEW.name := 'x';\nEND");
    assertThat(mentions.line("name")).hasValue(4);
    assertThat(mentions.line("other")).isEmpty();
  }
}
