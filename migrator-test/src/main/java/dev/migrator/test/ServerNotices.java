package dev.migrator.test;

import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the server says that it does to a whole table.
 *
 * @param scanned the tables that it read
 * @param built the indexes that it built, each with its table
 */
record ServerNotices(List<String> scanned, List<Built> built) {

  static final ServerNotices NONE = new ServerNotices(List.of(), List.of());

  private static final Pattern SCAN = Pattern.compile("verifying table \"(.+)\"");

  private static final Pattern FOREIGN_KEY =
      Pattern.compile("validating foreign key constraint \"(.+)\"");

  private static final Pattern BUILD =
      Pattern.compile("building index \"(.+?)\" on table \"(.+?)\".*");

  static ServerNotices of(@Nullable SQLWarning first) {
    List<String> scanned = new ArrayList<>();
    List<Built> built = new ArrayList<>();
    for (SQLWarning it = first; it != null; it = it.getNextWarning()) {
      String message = String.valueOf(it.getMessage());
      Matcher scan = SCAN.matcher(message);
      Matcher foreignKey = FOREIGN_KEY.matcher(message);
      Matcher build = BUILD.matcher(message);
      if (scan.matches()) {
        scanned.add("table " + scan.group(1));
      } else if (foreignKey.matches()) {
        scanned.add("the rows that the foreign key " + foreignKey.group(1) + " is about");
      } else if (build.matches()) {
        built.add(new Built(build.group(1), build.group(2)));
      }
    }
    return new ServerNotices(List.copyOf(scanned), List.copyOf(built));
  }

  /** An index that was built. */
  record Built(String index, String table) {}
}
