package dev.migrator.internal.effect;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Types that take and give everything that another one does, to whoever reads and writes it. */
final class Widening {

  private static final Pattern TEXT = Pattern.compile("character varying(?:\\((\\d+)\\))?|text");

  private static final Pattern NUMBER = Pattern.compile("numeric(?:\\((\\d+),(\\d+)\\))?");

  private Widening() {}

  /** Whether a column of one type can get the other one without anybody having to know. */
  static boolean is(String from, String to) {
    Matcher text = TEXT.matcher(from);
    Matcher wider = TEXT.matcher(to);
    if (text.matches() && wider.matches()) {
      return wider.group(1) == null
          || (text.group(1) != null && number(text.group(1)) <= number(wider.group(1)));
    }
    Matcher number = NUMBER.matcher(from);
    Matcher longer = NUMBER.matcher(to);
    return number.matches()
        && longer.matches()
        && number.group(1) != null
        && longer.group(1) != null
        && number.group(2).equals(longer.group(2))
        && number(number.group(1)) <= number(longer.group(1));
  }

  private static int number(String digits) {
    return Integer.parseInt(digits);
  }
}
