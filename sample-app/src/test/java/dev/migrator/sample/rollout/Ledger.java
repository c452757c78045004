package dev.migrator.sample.rollout;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What one field of each user must read: the last value that an instance acknowledged, or the one
 * the user was loaded with. Nobody can say what a user must read that was neither loaded nor
 * acknowledged: the instance that added it was killed before it could answer. One client at a time
 * writes a user's field; anybody may read it meanwhile.
 */
final class Ledger {

  private final LongFunction<@Nullable String> loaded;

  private final ConcurrentMap<Long, Entry> entries = new ConcurrentHashMap<>();

  Ledger(LongFunction<@Nullable String> loaded) {
    this.loaded = loaded;
  }

  /** A write is about to be sent; from here on the field may have either value. */
  void writing(long user) {
    entries.put(user, new Entry(null));
  }

  /** The write was acknowledged; from here on the field has that value, for every release. */
  void written(long user, String value) {
    entries.put(user, new Entry(value));
  }

  /** What is known now, to be taken before a read and handed to {@link #judge}. */
  @Nullable Entry look(long user) {
    return entries.get(user);
  }

  /** Judges what a read returned that began after {@code before} was taken. */
  Verdict judge(long user, @Nullable Entry before, @Nullable String value) {
    // Entries are never used twice, so the same one means that no write began or ended meanwhile.
    if (entries.get(user) != before) {
      return Verdict.OVERLAPPED;
    }
    return verdict(user, before, value);
  }

  /** Judges a value that was read when nobody wrote any more. */
  Verdict judgeAtEnd(long user, @Nullable String value) {
    return verdict(user, entries.get(user), value);
  }

  private Verdict verdict(long user, @Nullable Entry entry, @Nullable String value) {
    String expected = (entry == null) ? loaded.apply(user) : entry.value;
    if (expected == null) {
      return Verdict.OVERLAPPED;
    }
    return expected.equals(value) ? Verdict.RIGHT : Verdict.WRONG;
  }

  /** What must be read, for a message. */
  @Nullable String expected(long user) {
    Entry entry = entries.get(user);
    return (entry == null) ? loaded.apply(user) : entry.value;
  }

  /** What a value that was read is worth. */
  enum Verdict {

    /** What was last acknowledged. */
    RIGHT,

    /** Anything else: stale or lost. */
    WRONG,

    /** A write was under way or failed without an answer, so nobody can say. */
    OVERLAPPED
  }

  /** One write, begun or acknowledged; compared by identity. */
  static final class Entry {

    private final @Nullable String value;

    private Entry(@Nullable String value) {
      this.value = value;
    }
  }
}
