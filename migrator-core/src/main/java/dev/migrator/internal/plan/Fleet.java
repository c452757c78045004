package dev.migrator.internal.plan;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The instances that are registered, and those that have gone not long ago.
 *
 * @param members all of them
 * @param unregistered by the id of a migration whose contract is next, the sessions that may use
 *     its tables and belong to no member
 */
public record Fleet(List<Member> members, Map<String, List<UnregisteredSessions>> unregistered) {

  /** Nobody has registered yet. */
  public static final Fleet EMPTY = new Fleet(List.of());

  public Fleet {
    members = List.copyOf(members);
    unregistered = Map.copyOf(unregistered);
  }

  /** A fleet beside which nobody uses the database. */
  public Fleet(List<Member> members) {
    this(members, Map.of());
  }

  /** The same beside other sessions. */
  public Fleet with(Map<String, List<UnregisteredSessions>> sessions) {
    return new Fleet(members, sessions);
  }

  public Stream<Member> live() {
    return members.stream().filter(Member::isLive);
  }

  Stream<Member> gone() {
    return members.stream().filter(it -> !it.isLive());
  }
}
