package dev.migrator.internal.fleet;

import dev.migrator.MappedColumn;
import dev.migrator.internal.json.Json;
import dev.migrator.internal.plan.Member;
import dev.migrator.internal.sql.Columns;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Interval;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/** Reads the rows of the instances, each with the SQL files of its release. */
final class InstanceRows {

  private final Database database;

  private final LeaseWatch watch;

  /** The SQL files of releases, by their digest; what they are never changes. */
  private volatile Map<String, Map<String, Member.Declared>> files = Map.of();

  InstanceRows(Database database, LeaseWatch watch) {
    this.database = database;
    this.watch = watch;
  }

  /** Who lives, and who has left not longer ago than that; in the transaction at hand. */
  List<Row> rows(Duration since) {
    Map<String, Map<String, Member.Declared>> known = new HashMap<>(files);
    Set<String> inUse = new HashSet<>();
    Map<Long, Map<String, Member.Declared>> parsed = new HashMap<>();
    List<Row> rows =
        database
            .jdbc()
            .sql(
                """
                WITH seen AS (
                  SELECT i.key, i.application, i.release,
                         ROW(i.declares)::record OPERATOR(pg_catalog.*=) ROW(lag(i.declares) OVER releases)::record AS again
                    FROM migrator.instance i
                   WHERE i.left_at IS NULL OR i.left_at > clock_timestamp() - :since::interval
                  WINDOW releases AS (ORDER BY i.application, i.release, i.key)
                ), numbered AS (
                  SELECT s.key, s.again,
                         count(*) FILTER (WHERE s.again IS NOT TRUE) OVER (ORDER BY s.application, s.release, s.key) AS same
                    FROM seen s)
                SELECT i.key, i.beats, i.name, i.application, i.release, i.started_at, i.seen_at, i.expires_at,
                       i.left_at, i.reads, i.mapped, i.files, f.declares AS unknown_files, n.same,
                       -- Once for all instances of a release: it can be long, and takes long to write out.
                       CASE WHEN n.again IS NOT TRUE THEN i.declares END AS declares,
                       clock_timestamp() AS now
                  FROM numbered n JOIN migrator.instance i ON i.key = n.key
                  LEFT JOIN migrator.files f ON f.digest = i.files AND f.digest <> ALL (:known)
                 ORDER BY i.application, i.release, i.key
                """)
            .param("known", known.keySet().toArray(String[]::new))
            .param("since", Interval.of(since))
            .query((rs, row) -> row(rs, known, inUse, parsed))
            .list()
            .stream()
            .sorted(Comparator.comparing(Row::startedAt).thenComparing(Row::key))
            .toList();
    known.keySet().retainAll(inUse);
    files = Map.copyOf(known);
    watch.keep(rows.stream().map(Row::key).toList());
    return rows;
  }

  private Row row(
      ResultSet rs,
      Map<String, Map<String, Member.Declared>> known,
      Set<String> inUse,
      Map<Long, Map<String, Member.Declared>> parsed)
      throws SQLException {
    UUID key = rs.getObject("key", UUID.class);
    long beats = rs.getLong("beats");
    Member member = member(rs, known, inUse, parsed);
    Duration lease = Duration.between(member.seenAt(), member.expiresAt());
    boolean over = member.isLive() && watch.isPresumedDead(key, beats, lease);
    Instant now = rs.getTimestamp("now").toInstant();
    boolean expired = !now.isBefore(member.expiresAt());
    return new Row(key, beats, member, over, expired, expired ? member.expiresAt() : now);
  }

  private static Member member(
      ResultSet rs,
      Map<String, Map<String, Member.Declared>> known,
      Set<String> inUse,
      Map<Long, Map<String, Member.Declared>> parsed)
      throws SQLException {
    String written = rs.getString("declares");
    if (written != null) {
      parsed.put(rs.getLong("same"), Map.copyOf(Json.readMap(written, Member.Declared.class)));
    }
    Map<String, Member.Declared> declares = parsed.getOrDefault(rs.getLong("same"), Map.of());
    String files = rs.getString("files");
    String unknown = rs.getString("unknown_files");
    if (files != null) {
      inUse.add(files);
      declares = new HashMap<>(declares);
      declares.putAll(
          known.computeIfAbsent(files, it -> DeclaredFiles.read(Objects.requireNonNull(unknown))));
    }
    String mapped = rs.getString("mapped");
    return new Member(
        rs.getString("name"),
        rs.getString("application"),
        rs.getString("release"),
        rs.getTimestamp("started_at").toInstant(),
        rs.getTimestamp("seen_at").toInstant(),
        rs.getTimestamp("expires_at").toInstant(),
        Columns.instant(rs, "left_at"),
        declares,
        Json.readMap(rs.getString("reads"), Member.Reads.class),
        (mapped == null) ? null : Json.readList(mapped, MappedColumn.class));
  }

  /**
   * An instance, and what only this package needs of it.
   *
   * @param beats how many signs of life it has given
   * @param isOver whether its lease is over, though nobody has marked it yet
   * @param isExpired whether it is over by the database's clock, which may have been set
   * @param end when it ended, if it is over
   */
  record Row(UUID key, long beats, Member member, boolean isOver, boolean isExpired, Instant end) {

    Instant startedAt() {
      return member.startedAt();
    }

    boolean seemsOver() {
      return member.isLive() && isExpired && !isOver;
    }

    Member member(boolean presumedDead) {
      return presumedDead ? member.goneAt(end) : member;
    }
  }
}
