package dev.migrator.sample.rollout;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the command line can change.
 *
 * @param releases which releases are deployed, one after the other
 * @param contract auto, or manual: then the contract waits for a command, which is given when the
 *     last old instance is gone
 * @param calm whether nobody is killed, frozen or started too late
 * @param users how many users there are before the deploy begins
 * @param rate requests per second, all clients together
 * @param clients how many threads send them
 * @param dwell how long neighbouring releases serve side by side
 * @param console whether the progress is one line rewritten in place, even where no terminal is
 *     found
 */
record Options(
    List<Integer> releases,
    String contract,
    boolean calm,
    int users,
    int rate,
    int clients,
    Duration dwell,
    boolean console) {

  static final String USAGE =
      """
      options:
        --releases=1,2,3,4  or 1,4: the whole change in one deploy; or 1,5: the same, with reads that switch at runtime;
                            or 1,6,7,8: without triggers, the application writes both columns;
                            or 1,2,1,2,3,4: there, back again, and there
        --contract=auto     or manual: by a command
        --calm              nobody is killed, frozen or started too late
        --users=200000 --rate=300 (requests per second) --clients=8 --dwell=8 (seconds side by side)
        --console           the progress in one line, even where no terminal is found""";

  private static final Map<String, String> DEFAULTS =
      Map.of(
          "--releases", "1,2,3,4",
          "--contract", "auto",
          "--calm", "false",
          "--users", "200000",
          "--rate", "300",
          "--clients", "8",
          "--dwell", "8",
          "--console", "false");

  /** Accepts options one by one, or several in one argument as a build passes them. */
  static Options of(String... arguments) {
    Map<String, String> given = new HashMap<>(DEFAULTS);
    Arrays.stream(arguments)
        .flatMap(argument -> Arrays.stream(argument.split("\\s+")))
        .filter(option -> !option.isEmpty())
        .forEach(option -> take(option, given));
    return new Options(
        // Release 1 runs before the deploy begins; releases 4, 5 and 8 drop the column.
        Arrays.stream(
                matching(given, "--releases", "1(,2)?(,1,2)?(,3)?,4|1(,2)?,5|1,6,7,8").split(","))
            .map(Integer::valueOf)
            .toList(),
        matching(given, "--contract", "auto|manual"),
        flag(given, "--calm"),
        number(given, "--users", 1000),
        number(given, "--rate", 1),
        number(given, "--clients", 2),
        Duration.ofSeconds(number(given, "--dwell", 0)),
        flag(given, "--console"));
  }

  private static void take(String option, Map<String, String> given) {
    String[] parts = option.split("=", 2);
    if (!DEFAULTS.containsKey(parts[0])) {
      throw wrong(option);
    }
    given.put(parts[0], (parts.length == 2) ? parts[1] : "true");
  }

  private static String matching(Map<String, String> given, String name, String pattern) {
    String value = given.getOrDefault(name, "");
    if (!value.matches(pattern)) {
      throw wrong(name + "=" + value);
    }
    return value;
  }

  private static boolean flag(Map<String, String> given, String name) {
    return matching(given, name, "true|false").equals("true");
  }

  private static int number(Map<String, String> given, String name, int least) {
    int number = Integer.parseInt(matching(given, name, "\\d{1,8}"));
    if (number < least) {
      throw wrong(name + "=" + number);
    }
    return number;
  }

  /** The release that drops the column. */
  int last() {
    return releases.get(releases.size() - 1);
  }

  private static IllegalArgumentException wrong(String option) {
    return new IllegalArgumentException(option + " is not understood\n" + USAGE);
  }
}
