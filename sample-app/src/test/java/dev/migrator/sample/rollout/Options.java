package dev.migrator.sample.rollout;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * What the command line can change.
 *
 * @param users how many users there are before the deploy begins
 * @param rate requests per second, all clients together
 * @param clients how many threads send them
 * @param dwell how long neighbouring releases serve side by side
 * @param waits whether to wait for the backfill before release 3; without, the ordering is left to
 *     the library alone
 */
record Options(int users, int rate, int clients, Duration dwell, boolean waits) {

  static final String USAGE =
      "options: --users=200000 --rate=200 --clients=8 --dwell=8 (seconds) --no-wait";

  /** Takes options one by one or several in one argument, as a build passes them. */
  static Options of(String... arguments) {
    List<String> words =
        Arrays.stream(arguments)
            .flatMap(argument -> Arrays.stream(argument.split("\\s+")))
            .filter(word -> !word.isEmpty())
            .toList();
    Options options = new Options(200_000, 200, 8, Duration.ofSeconds(8), true);
    for (String word : words) {
      options = options.with(word);
    }
    return options;
  }

  private Options with(String word) {
    if (word.equals("--no-wait")) {
      return new Options(users, rate, clients, dwell, false);
    }
    int equals = word.indexOf('=');
    String name = (equals < 0) ? word : word.substring(0, equals);
    int value = (equals < 0) ? -1 : number(word.substring(equals + 1));
    if (value < 0) {
      throw new IllegalArgumentException(word + " is not understood; " + USAGE);
    }
    return switch (name) {
      case "--users" -> new Options(atLeast(1000, value), rate, clients, dwell, waits);
      case "--rate" -> new Options(users, atLeast(1, value), clients, dwell, waits);
      case "--clients" -> new Options(users, rate, atLeast(2, value), dwell, waits);
      case "--dwell" -> new Options(users, rate, clients, Duration.ofSeconds(value), waits);
      default -> throw new IllegalArgumentException(word + " is not understood; " + USAGE);
    };
  }

  private static int number(String text) {
    return text.matches("\\d{1,9}") ? Integer.parseInt(text) : -1;
  }

  private static int atLeast(int least, int value) {
    return Math.max(least, value);
  }
}
