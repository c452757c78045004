package dev.migrator.internal.plan;

import dev.migrator.internal.file.FilePlace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The one order of all migrations, beans and files: by the date and time that their ids begin with.
 * At the same time a file comes first, and files with versions that are no dates come before all.
 * Those without a date come behind, as they were declared, and repeatable files at last, by their
 * names. What says {@code after} comes behind what it names.
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
    List<Placed> byDate = new ArrayList<>();
    for (Declaration it : declarations) {
      byDate.add(new Placed(it, it.isRepeatable(), it.isFile(), place(it)));
    }
    Collections.sort(byDate);
    List<Declaration> sorted = new ArrayList<>();
    for (Placed placed : byDate) {
      sorted.add(placed.declaration());
    }
    return behindThoseNamed(sorted);
  }

  private static @Nullable FilePlace place(Declaration declaration) {
    if (declaration.isFile()) {
      return FilePlace.of(declaration.id()).orElse(null);
    }
    String stamp = stamp(declaration.id());
    return stamp.isEmpty() ? null : FilePlace.at(stamp);
  }

  /** A declaration with what it is sorted by, which takes time to find out. */
  private record Placed(
      Declaration declaration, boolean repeatable, boolean file, @Nullable FilePlace place)
      implements Comparable<Placed> {

    @Override
    public int compareTo(Placed other) {
      int order = Boolean.compare(repeatable, other.repeatable);
      if (order == 0) {
        order = FilePlace.compare(place, other.place);
      }
      return (order == 0) ? Boolean.compare(other.file, file) : order;
    }
  }

  private static List<Declaration> behindThoseNamed(List<Declaration> declarations) {
    Map<String, Declaration> byId = new HashMap<>();
    for (Declaration declaration : declarations) {
      byId.putIfAbsent(declaration.id(), declaration);
    }
    List<Declaration> sorted = new ArrayList<>();
    // The same object: the hash code of a declaration is one of all it says.
    Set<Declaration> placed = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Declaration declaration : declarations) {
      place(declaration, byId, placed, sorted);
    }
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
