package dev.migrator.internal.file;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a file has its place among all files: by the date and time of its version. Versions that
 * are none, as Flyway's mostly are, come before all others, in the order of their numbers.
 *
 * @param dated whether the first number is a date and time of 14 digits
 * @param numbers the parts of the version, without zeros at the end
 */
public record FilePlace(boolean dated, List<BigInteger> numbers) implements Comparable<FilePlace> {

  private static final Pattern FLYWAY_ID = Pattern.compile("[VU](\\d+(?:[._]\\d+)*)(?:__.*)?");

  private static final Pattern ID = Pattern.compile("(\\d+)_.*");

  private static final Pattern VERSION = Pattern.compile("\\d+(?:[._]\\d+)*");

  private static final Pattern STAMP =
      Pattern.compile(
          "(?:19|20)\\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])(?:\\d{4}(?:\\d{2})?)?");

  private static final Pattern BETWEEN = Pattern.compile("[._]");

  private static final int DIGITS = 14;

  /** What is longer is no version that a person gave. */
  private static final int LONGEST = 200;

  public FilePlace {
    numbers = List.copyOf(numbers);
  }

  /** That of a file by its id; empty if the id is not that of a file with a version. */
  public static Optional<FilePlace> of(String id) {
    Matcher flyway = FLYWAY_ID.matcher(id);
    if (flyway.matches()) {
      return ofVersion(flyway.group(1));
    }
    Matcher own = ID.matcher(id);
    return own.matches() ? ofVersion(own.group(1)) : Optional.empty();
  }

  /** That of a version, such as {@code 1.2.3}; empty if it is none. */
  public static Optional<FilePlace> ofVersion(@Nullable String version) {
    if (version == null || version.length() > LONGEST || !VERSION.matcher(version).matches()) {
      return Optional.empty();
    }
    List<BigInteger> numbers = new ArrayList<>();
    boolean dated = false;
    for (String part : BETWEEN.split(version)) {
      dated |= numbers.isEmpty() && STAMP.matcher(part).matches();
      boolean stamp = dated && numbers.isEmpty();
      numbers.add(new BigInteger(stamp ? part + "0".repeat(DIGITS - part.length()) : part));
    }
    // To Flyway 1.0 is the same as 1.
    while (numbers.size() > 1 && numbers.get(numbers.size() - 1).signum() == 0) {
      numbers.remove(numbers.size() - 1);
    }
    return Optional.of(new FilePlace(dated, numbers));
  }

  /** That of a date and time of 14 digits. */
  public static FilePlace at(String stamp) {
    return new FilePlace(true, List.of(new BigInteger(stamp)));
  }

  @Override
  public int compareTo(FilePlace other) {
    int order = Boolean.compare(dated, other.dated);
    for (int i = 0; order == 0 && i < Math.min(numbers.size(), other.numbers.size()); i++) {
      order = numbers.get(i).compareTo(other.numbers.get(i));
    }
    return order != 0 ? order : Integer.compare(numbers.size(), other.numbers.size());
  }

  /** Those that have none come last. */
  public static Comparator<@Nullable FilePlace> order() {
    return FilePlace::compare;
  }

  /** Compares by {@link #order}. */
  public static int compare(@Nullable FilePlace one, @Nullable FilePlace other) {
    if (one == null || other == null) {
      return Boolean.compare(one == null, other == null);
    }
    return one.compareTo(other);
  }

  @Override
  public String toString() {
    return numbers.stream().map(BigInteger::toString).collect(Collectors.joining("."));
  }
}
