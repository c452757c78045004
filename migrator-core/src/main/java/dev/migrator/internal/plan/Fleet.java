package dev.migrator.internal.plan;

import dev.migrator.status.Hold;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The instances that are registered, and those that have gone not long ago.
 *
 * @param members all of them
 * @param others by the id of a migration whose contract is next, what may use its old side beside
 *     them
 */
public record Fleet(List<Member> members, Map<String, List<Hold>> others) {

  /** Nobody has registered yet. */
  public static final Fleet EMPTY = new Fleet(List.of());

  public Fleet {
    members = List.copyOf(members);
    others = Map.copyOf(others);
  }

  /** A fleet beside which nobody uses the database. */
  public Fleet(List<Member> members) {
    this(members, Map.of());
  }

  /** The same beside others. */
  public Fleet with(Map<String, List<Hold>> holds) {
    return new Fleet(members, holds);
  }

  /**
   * The same, seen by a start that waits for a contract. While nobody serves, nobody uses what
   * goes, and instances that start tell what they map only when they have started: they would wait
   * for themselves. What they map against their own declaration lets their start fail.
   */
  public Fleet duringStart() {
    boolean served = live().anyMatch(it -> it.mapped() != null);
    return served ? this : new Fleet(members.stream().map(Member::mappingNothing).toList(), others);
  }

  public Stream<Member> live() {
    return members.stream().filter(Member::isLive);
  }

  Stream<Member> gone() {
    return members.stream().filter(it -> !it.isLive());
  }
}
