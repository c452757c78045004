package dev.migrator.check.internal.effect;

import dev.migrator.check.internal.effect.Relations.Relation;
import dev.migrator.check.internal.read.ActionKind;
import dev.migrator.check.internal.read.Parsed;
import dev.migrator.check.internal.read.StatementKind;
import dev.migrator.plan.LockMode;
import dev.migrator.plan.Work;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One table before and behind a statement. */
final class Comparison {

  private final Parsed parsed;

  private final Relation before;

  private final @Nullable Relation after;

  private final Map<Long, LockMode> locks;

  private final Collection<Relation> others;

  private final Map<Long, Long> scans;

  Comparison(
      Parsed parsed,
      Relation before,
      @Nullable Relation after,
      Map<Long, LockMode> locks,
      Collection<Relation> others,
      Map<Long, Long> scans) {
    this.parsed = parsed;
    this.before = before;
    this.after = after;
    this.locks = locks;
    this.others = others;
    this.scans = scans;
  }

  Touch touch(boolean known, Touch.Role role) {
    LockMode lock = locks.getOrDefault(before.oid(), LockMode.ACCESS_SHARE);
    boolean indexes =
        !lock.blocksReads()
            && others.stream()
                .filter(it -> it.index() && it.of() == before.oid())
                .anyMatch(it -> locks.get(it.oid()) == LockMode.ACCESS_EXCLUSIVE);
    List<String> built = built();
    return new Touch(
        before.name(),
        role,
        lock,
        indexes,
        work(built, role, lock),
        built,
        known,
        before.partitioned());
  }

  private List<String> built() {
    List<String> built = new ArrayList<>();
    if (after != null && parsed.kind() != StatementKind.TRUNCATE) {
      after
          .indexes()
          .forEach(
              (file, name) -> {
                if (!before.indexes().containsKey(file)) {
                  built.add(name);
                }
              });
    }
    return built;
  }

  private Work work(List<String> built, Touch.Role role, LockMode lock) {
    if (after == null
        || parsed.kind() == StatementKind.TRUNCATE
        || parsed.kind() == StatementKind.ANALYZE) {
      return Work.NOTHING; // A sample is read only.
    }
    if (before.file() != after.file() && before.file() != 0) {
      return Work.REWRITE;
    }
    if (!built.isEmpty()) {
      return Work.BUILD;
    }
    // Of an empty table the server may look up nothing to see that a foreign key holds.
    boolean proved =
        !after.partitioned()
            && (parsed.does(ActionKind.ADD_FOREIGN_KEY)
                || parsed.does(ActionKind.VALIDATE_CONSTRAINT))
            && !before.keys().containsAll(after.keys());
    boolean scanned = after.scans() > scans.getOrDefault(before.oid(), 0L);
    // What a new foreign key leads to is looked up, not read as a whole.
    boolean lookedUp = role == Touch.Role.OTHER && !lock.blocksReads();
    return ((scanned && !lookedUp) || proved) ? Work.SCAN : Work.NOTHING;
  }
}
