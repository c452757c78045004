package dev.migrator.internal.plan;

import dev.migrator.MappedColumn;
import dev.migrator.Phase;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One instance, as it registered itself.
 *
 * @param name its name, for people
 * @param application which application it is an instance of
 * @param release the code it runs
 * @param startedAt when its JVM started
 * @param seenAt when it gave its last sign of life
 * @param expiresAt when it counts as gone unless it gives another
 * @param leftAt since when it is gone; {@code null} if it is live
 * @param declares what its release declares, by the id of the migration
 * @param reads which sides it reads of the changes that it switches at runtime; only the old one of
 *     those that are not here
 * @param mapped the columns that its mappings use; {@code null} as long as it has not told
 */
public record Member(
    String name,
    String application,
    String release,
    Instant startedAt,
    Instant seenAt,
    Instant expiresAt,
    @Nullable Instant leftAt,
    Map<String, Declared> declares,
    Map<String, Reads> reads,
    @Nullable List<MappedColumn> mapped) {

  public Member {
    declares = Map.copyOf(declares);
    reads = Map.copyOf(reads);
    mapped = (mapped == null) ? null : List.copyOf(mapped);
  }

  public boolean isLive() {
    return leftAt == null;
  }

  /** The same, gone since then. */
  public Member goneAt(Instant moment) {
    return new Member(
        name, application, release, startedAt, seenAt, expiresAt, moment, declares, reads, mapped);
  }

  /** The same, with the knowledge that its mappings use no column. */
  Member mappingNothing() {
    return new Member(
        name,
        application,
        release,
        startedAt,
        seenAt,
        expiresAt,
        leftAt,
        declares,
        reads,
        mapped == null ? List.of() : mapped);
  }

  /** A release that does not declare a change knows the old side only. */
  boolean declaresAtLeast(String migration, Phase phase) {
    Declared declared = declares.get(migration);
    return declared != null && declared.phase().includes(phase);
  }

  /** Whether none of its code runs yet: it looks again, counted by then, before it does. */
  boolean waits(String migration) {
    Declared declared = declares.get(migration);
    return declared != null && declared.waits();
  }

  /** Whether its code may read the new side of a change while it serves. */
  boolean mayReadNew(String migration) {
    Declared declared = declares.get(migration);
    return (declared != null && declared.readsNew()) || reads.containsKey(migration);
  }

  /**
   * Whether its code may write the new side of a change, and relies on triggers for the old one.
   */
  boolean needsTriggers(String migration) {
    Declared declared = declares.get(migration);
    return declared != null
        && !declared.writesNew()
        && declared.phase().includes(Phase.SWITCH_READ);
  }

  /** Whether its code writes the new side of a change by itself. */
  boolean writesNew(String migration) {
    Declared declared = declares.get(migration);
    return declared != null && declared.writesNew();
  }

  /** Whether its code may read the old side of a change that it declares to the end. */
  boolean mayReadOld(String migration) {
    Declared declared = declares.get(migration);
    return declared == null || (declared.atRuntime() && reads.get(migration) != Reads.NEW);
  }

  /**
   * How far the code of a release is ready.
   *
   * @param phase the last phase that it declares
   * @param readsNew whether it reads the new side in any case
   * @param atRuntime whether it asks which side to read
   * @param writesNew whether it writes the new side by itself
   * @param waits whether it still waits in its start, and looks again before its code runs
   */
  public record Declared(
      Phase phase, boolean readsNew, boolean atRuntime, boolean writesNew, boolean waits) {

    /** The same while it waits, or no longer. */
    public Declared waiting(boolean value) {
      return new Declared(phase, readsNew, atRuntime, writesNew, value);
    }
  }

  /** Which sides a request that is under way may be reading. */
  public enum Reads {

    /** It turns, or turns back, and some requests asked before. */
    BOTH,

    /** It has turned, and no request is left that asked before. */
    NEW
  }
}
