package dev.migrator.test.rehearsal;

import dev.migrator.plan.LockMode;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A statement that the engine has sent, while it is measured. Its lock guards what it holds. */
final class Noted {

  private static final Pattern SCAN = Pattern.compile("verifying table \"(.+)\"");

  private static final Pattern FOREIGN_KEY =
      Pattern.compile("validating foreign key constraint \"(.+)\"");

  private static final Pattern BUILD =
      Pattern.compile("building index \"(.+?)\" on table \"(.+?)\".*");

  private static final Pattern REWRITE = Pattern.compile("rewriting table \"(.+)\"");

  final int stage;

  final long transaction;

  final String sql;

  final long begin;

  private final long measuredBefore;

  private long end;

  private long wal;

  private boolean failed;

  private final List<Held> locks = new ArrayList<>();

  private final List<String> scanned = new ArrayList<>();

  private final List<String> built = new ArrayList<>();

  private final List<String> rewritten = new ArrayList<>();

  Noted(int stage, long transaction, String sql, long begin, long measuredBefore) {
    this.stage = stage;
    this.transaction = transaction;
    this.sql = sql;
    this.begin = begin;
    this.end = begin;
    this.measuredBefore = measuredBefore;
  }

  /** A lock, from the moment at which the statement was sent that takes it. */
  static final class Held {

    final String table;

    final LockMode mode;

    final long since;

    private final long measuredBefore;

    private long until;

    private long measured;

    Held(String table, LockMode mode, long since, long measuredBefore) {
      this.table = table;
      this.mode = mode;
      this.since = since;
      this.until = since;
      this.measuredBefore = measuredBefore;
    }

    /** How long it was held, without the time in which the engine waited for the measuring. */
    long time() {
      return until - since - measured;
    }

    long until() {
      return until;
    }
  }

  /** Returns whether it is the first lock that says that rows or tables of the user's change. */
  synchronized boolean holds(String table, LockMode mode) {
    if (locks.stream().anyMatch(it -> it.table.equals(table) && it.mode == mode)) {
      return false;
    }
    boolean first = locks.stream().noneMatch(it -> changes(it.mode)) && changes(mode);
    locks.add(new Held(table, mode, begin, measuredBefore));
    return first;
  }

  static boolean changes(LockMode mode) {
    return mode.compareTo(LockMode.ROW_EXCLUSIVE) >= 0;
  }

  synchronized void ended(long at, long walBytes, boolean withError) {
    end = at;
    wal = walBytes;
    failed = withError;
  }

  /** The locks go with the end of the transaction. */
  synchronized void released(long at, long measured) {
    for (Held it : locks) {
      it.until = at;
      it.measured = measured - it.measuredBefore;
    }
  }

  synchronized void said(@Nullable SQLWarning first) {
    for (SQLWarning it = first; it != null; it = it.getNextWarning()) {
      String message = String.valueOf(it.getMessage());
      Matcher build = BUILD.matcher(message);
      addIfMatches(SCAN.matcher(message), "", scanned);
      addIfMatches(FOREIGN_KEY.matcher(message), "the foreign key ", scanned);
      addIfMatches(REWRITE.matcher(message), "", rewritten);
      if (build.matches() && !build.group(1).startsWith("pg_toast")) {
        built.add(build.group(1) + " on " + build.group(2));
      }
    }
  }

  private static void addIfMatches(Matcher matcher, String what, List<String> to) {
    if (matcher.matches() && !to.contains(what + matcher.group(1))) {
      to.add(what + matcher.group(1));
    }
  }

  synchronized long end() {
    return end;
  }

  synchronized long wal() {
    return wal;
  }

  synchronized boolean failed() {
    return failed;
  }

  synchronized List<Held> locks() {
    return List.copyOf(locks);
  }

  synchronized List<String> scanned() {
    return List.copyOf(scanned);
  }

  synchronized List<String> built() {
    return List.copyOf(built);
  }

  synchronized List<String> rewritten() {
    return List.copyOf(rewritten);
  }
}
