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
import org.jspecify.annotations.Nullable;

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
    Reading reading = new Reading(new HashMap<>(files));
    List<Row> rows =
        database
            .jdbc()
            .sql(
                """
                SELECT i.key, i.beats, i.name, i.application, i.release, i.started_at, i.seen_at, i.expires_at,
                       i.left_at, i.reads, i.mapped, i.files, f.declares AS unknown_files,
                       -- Once for all instances of a release: it can be long, and takes long to write out.
                       CASE WHEN ROW(i.declares)::record OPERATOR(pg_catalog.*=) ROW(lag(i.declares) OVER releases)::record
                            THEN NULL ELSE i.declares END AS declares,
                       clock_timestamp() AS now
                  FROM migrator.instance i
                  LEFT JOIN migrator.files f ON f.digest = i.files AND f.digest <> ALL (:known)
                 WHERE i.left_at IS NULL OR i.left_at > clock_timestamp() - :since::interval
                WINDOW releases AS (ORDER BY i.application, i.release, i.key)
                 ORDER BY i.application, i.release, i.key
                """)
            .param("known", reading.known.keySet().toArray(String[]::new))
            .param("since", Interval.of(since))
            .query((rs, row) -> row(rs, reading.member(rs)))
            .list()
            .stream()
            .sorted(Comparator.comparing(Row::startedAt).thenComparing(Row::key))
            .toList();
    files = reading.filesInUse();
    watch.keep(rows.stream().map(Row::key).toList());
    return rows;
  }

  private Row row(ResultSet rs, Member member) throws SQLException {
    UUID key = rs.getObject("key", UUID.class);
    long beats = rs.getLong("beats");
    Duration lease = Duration.between(member.seenAt(), member.expiresAt());
    boolean over = member.isLive() && watch.isPresumedDead(key, beats, lease);
    Instant now = rs.getTimestamp("now").toInstant();
    boolean expired = !now.isBefore(member.expiresAt());
    return new Row(key, beats, member, over, expired, expired ? member.expiresAt() : now);
  }

  /** What one row after the other tells. */
  private static final class Reading {

    private final Map<String, Map<String, Member.Declared>> known;

    private final Set<String> inUse = new HashSet<>();

    /** Of the row before, which the next one of its release says again. */
    private Map<String, Member.Declared> declares = Map.of();

    Reading(Map<String, Map<String, Member.Declared>> known) {
      this.known = known;
    }

    Member member(ResultSet rs) throws SQLException {
      String written = rs.getString("declares");
      if (written != null) {
        declares = Map.copyOf(Json.readMap(written, Member.Declared.class));
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
          withFiles(rs.getString("files"), rs.getString("unknown_files")),
          Json.readMap(rs.getString("reads"), Member.Reads.class),
          (mapped == null) ? null : Json.readList(mapped, MappedColumn.class));
    }

    private Map<String, Member.Declared> withFiles(
        @Nullable String files, @Nullable String unknown) {
      if (files == null) {
        return declares;
      }
      inUse.add(files);
      Map<String, Member.Declared> all = new HashMap<>(declares);
      all.putAll(
          known.computeIfAbsent(files, it -> DeclaredFiles.read(Objects.requireNonNull(unknown))));
      return all;
    }

    Map<String, Map<String, Member.Declared>> filesInUse() {
      known.keySet().retainAll(inUse);
      return Map.copyOf(known);
    }
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
