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
 * @param releases which releases are deployed, one after the other
 * @param console whether the progress is one line rewritten in place, even where no terminal is
 *     found
 */
record Options(
    int users, int rate, int clients, Duration dwell, List<Integer> releases, boolean console) {

  static final String USAGE =
      "options: --users=200000 --rate=300 --clients=8 --dwell=8 (seconds) --releases=1,2,3,4 --console";

  private static final Options DEFAULTS =
      new Options(200_000, 300, 8, Duration.ofSeconds(8), List.of(1, 2, 3, 4), false);

  /** Takes options one by one or several in one argument, as a build passes them. */
  static Options of(String... arguments) {
    List<String> words =
        Arrays.stream(arguments)
            .flatMap(argument -> Arrays.stream(argument.split("\\s+")))
            .filter(word -> !word.isEmpty())
            .toList();
    Options options = DEFAULTS;
    for (String word : words) {
      options = options.with(word);
    }
    return options;
  }

  private Options with(String word) {
    String[] parts = word.split("=", 2);
    String value = (parts.length == 2) ? parts[1] : "";
    return switch (parts[0]) {
      case "--users" ->
          new Options(number(word, value, 1000), rate, clients, dwell, releases, console);
      case "--rate" ->
          new Options(users, number(word, value, 1), clients, dwell, releases, console);
      case "--clients" ->
          new Options(users, rate, number(word, value, 2), dwell, releases, console);
      case "--dwell" ->
          new Options(
              users, rate, clients, Duration.ofSeconds(number(word, value, 0)), releases, console);
      case "--releases" -> new Options(users, rate, clients, dwell, releases(word, value), console);
      case "--console" -> new Options(users, rate, clients, dwell, releases, true);
      default -> throw wrong(word);
    };
  }

  private static int number(String word, String value, int least) {
    if (!value.matches("\\d{1,8}") || Integer.parseInt(value) < least) {
      throw wrong(word);
    }
    return Integer.parseInt(value);
  }

  /**
   * Release 1 is there before the deploy begins, release 4 is the one that lets go of the column.
   */
  private static List<Integer> releases(String word, String value) {
    if (!value.matches("1(,2)?(,3)?,4")) {
      throw wrong(word);
    }
    return Arrays.stream(value.split(",")).map(Integer::valueOf).toList();
  }

  private static IllegalArgumentException wrong(String word) {
    return new IllegalArgumentException(word + " is not understood; " + USAGE);
  }
}
