package dev.migrator.internal.plan;

import java.util.List;
import java.util.stream.Stream;

/**
 * The instances that are registered, and those that have gone not long ago.
 *
 * @param members all of them
 */
public record Fleet(List<Member> members) {

  /** Nobody has registered yet. */
  public static final Fleet EMPTY = new Fleet(List.of());

  public Fleet {
    members = List.copyOf(members);
  }

  public Stream<Member> live() {
    return members.stream().filter(Member::isLive);
  }

  Stream<Member> gone() {
    return members.stream().filter(it -> !it.isLive());
  }
}
