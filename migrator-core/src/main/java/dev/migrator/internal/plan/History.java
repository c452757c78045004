package dev.migrator.internal.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The one order of all migrations, beans and files: by the date and time that their ids begin with.
 * At the same time a file comes first. Those without a date come behind, as they were declared, and
 * repeatable files at last, by their names. What says {@code after} comes behind what it names.
 */
public final class History {

  /** With or without signs between the numbers; a time only if it has hours and minutes. */
  private static final Pattern STAMP =
      Pattern.compile(
          "((?:19|20)\\d{2})[-_.]?(\\d{2})[-_.]?(\\d{2})(?:[-_.T]?(\\d{2})[-_.:]?(\\d{2})(?:[-_.:]?(\\d{2}))?)?(?!\\d)");

  private History() {}

  /** The date and time that an id begins with, as 14 digits; empty if with none. */
  public static String stamp(String id) {
    Matcher matcher = STAMP.matcher(id);
    if (!matcher.lookingAt()) {
      return "";
    }
    StringBuilder stamp = new StringBuilder();
    for (int i = 1; i <= matcher.groupCount(); i++) {
      stamp.append(matcher.group(i) == null ? "00" : matcher.group(i));
    }
    return stamp.toString();
  }

  /** Sorts; what is equal stays as it is. */
  public static List<Declaration> sorted(List<Declaration> declarations) {
    List<Declaration> byDate = new ArrayList<>(declarations);
    byDate.sort(
        Comparator.comparing(Declaration::isRepeatable)
            .thenComparing(it -> stamp(it.id()).isEmpty())
            .thenComparing(it -> stamp(it.id()))
            .thenComparing(it -> !it.isFile()));
    return behindThoseNamed(byDate);
  }

  private static List<Declaration> behindThoseNamed(List<Declaration> declarations) {
    Map<String, Declaration> byId = new HashMap<>();
    declarations.forEach(it -> byId.putIfAbsent(it.id(), it));
    List<Declaration> sorted = new ArrayList<>();
    Set<Declaration> placed = new HashSet<>();
    declarations.forEach(it -> place(it, byId, placed, sorted));
    return sorted;
  }

  /** Two that name each other stay where they are: both are held, and say by whom. */
  private static void place(
      Declaration declaration,
      Map<String, Declaration> byId,
      Set<Declaration> placed,
      List<Declaration> sorted) {
    if (!placed.add(declaration)) {
      return;
    }
    for (String id : declaration.migration().after()) {
      Declaration before = byId.get(id);
      if (before != null) {
        place(before, byId, placed, sorted);
      }
    }
    sorted.add(declaration);
  }
}
