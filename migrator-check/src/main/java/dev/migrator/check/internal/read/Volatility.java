package dev.migrator.check.internal.read;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Whether a default has one value for all rows, as far as its text tells. */
enum Volatility {
  CONSTANT,
  VOLATILE,
  UNKNOWN;

  private static final Set<String> STABLE =
      Set.of(
          "now",
          "transaction_timestamp",
          "statement_timestamp",
          "current_setting",
          "lower",
          "upper",
          "concat",
          "coalesce",
          "to_timestamp",
          "make_interval",
          "current_timestamp",
          "localtimestamp",
          "current_time",
          "localtime",
          "current_user",
          "current_date",
          "array",
          "row",
          "date_trunc",
          "timezone",
          "to_char",
          "jsonb_build_object",
          "json_build_object");

  private static final Set<String> VOLATILES =
      Set.of(
          "random",
          "gen_random_uuid",
          "clock_timestamp",
          "timeofday",
          "nextval",
          "uuidv7",
          "uuidv4",
          "uuid_generate_v4",
          "uuid_generate_v1",
          "uuid_generate_v1mc",
          "txid_current",
          "gen_random_bytes",
          "setseed",
          "random_normal");

  /** Functions are looked at wherever they stand, in an array as well. */
  static Volatility of(String expression) {
    List<String> words = Cursor.words(expression);
    Volatility found = CONSTANT;
    for (int i = 0; i + 1 < words.size(); i++) {
      if (!words.get(i + 1).equals("(")) {
        continue;
      }
      String word = words.get(i).toLowerCase(Locale.ROOT);
      boolean type = i > 0 && words.get(i - 1).equals(":");
      if (!word.matches("[a-z_][a-z0-9_]*") || type || STABLE.contains(word)) {
        boolean quoted = word.startsWith("\"");
        found = quoted ? UNKNOWN : found;
        continue;
      }
      if (VOLATILES.contains(word)) {
        return VOLATILE;
      }
      found = UNKNOWN;
    }
    return found;
  }
}
