package dev.migrator.internal.plan;

import dev.migrator.Phase;
import dev.migrator.error.ErrorCode;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether an undo that waits for another release can end. The old side that is released comes back
 * when no instance is left that writes the new side only; in their place belongs a release that
 * writes both. If none of those that ever ran can start any longer, because it does not know what
 * other changes have taken away meanwhile, the undo would wait for ever.
 */
public final class ReleasesAtHand {

  private ReleasesAtHand() {}

  /**
   * Decides. Where no such release has ever run here nothing is known, and nothing refused.
   *
   * @param state the change that is to be undone
   * @param known who runs, and who has run
   * @param records what the journal knows of all changes
   * @return why no release can take the place of those that stand in the way; {@code null} if one
   *     can, or nobody stands there
   */
  public static @Nullable Refusal refusal(
      Recorded state, Fleet known, Collection<Recorded> records) {
    String id = state.id();
    if (state.oldSide() != OldSide.RELEASED) {
      return null;
    }
    for (String application : inTheWay(id, known)) {
      Map<String, List<String>> lacking = new LinkedHashMap<>();
      bothSides(id, application, known)
          .forEach((release, member) -> lacking.put(release, lost(id, member, records)));
      if (!lacking.isEmpty() && lacking.values().stream().noneMatch(List::isEmpty)) {
        return new Refusal(
            ErrorCode.NEW_SIDE_IN_USE,
            "running instances of %s write the new side only, and no release that writes both sides can start in their place: %s. Make one whose chain of this migration ends at switchRead() and which declares the others to their end, and start it with migrator.commands=undo-contract:%s"
                .formatted(
                    application,
                    lacking.entrySet().stream()
                        .map(
                            it ->
                                "%s does not know of %s"
                                    .formatted(it.getKey(), String.join(" and ", it.getValue())))
                        .collect(Collectors.joining("; ")),
                    id));
      }
    }
    return null;
  }

  /** The applications whose instances have to go before the old side comes back. */
  private static List<String> inTheWay(String id, Fleet known) {
    return known
        .live()
        .filter(it -> it.declaresAtLeast(id, Phase.CONTRACT) && !it.waits(id))
        .map(Member::application)
        .distinct()
        .toList();
  }

  /** The releases of an application that write both sides, each by an instance of it. */
  private static Map<String, Member> bothSides(String id, String application, Fleet known) {
    return known.members().stream()
        .filter(it -> it.application().equals(application))
        .filter(it -> it.writesNew(id) && it.declaresAtLeast(id, Phase.SWITCH_READ))
        .filter(it -> !it.declaresAtLeast(id, Phase.CONTRACT))
        .collect(
            Collectors.toMap(
                it -> it.application() + " " + it.release(),
                it -> it,
                (one, other) -> other,
                LinkedHashMap::new));
  }

  /** What other changes have taken away, and the release of an instance relies on. */
  private static List<String> lost(String id, Member member, Collection<Recorded> records) {
    return records.stream()
        .filter(it -> !it.id().equals(id))
        .filter(
            it ->
                it.phase() == Phase.CONTRACT
                    && !it.lost().isEmpty()
                    && !member.declaresAtLeast(it.id(), Phase.CONTRACT))
        .map(it -> "the contract of \"%s\" (%s)".formatted(it.id(), it.lost()))
        .toList();
  }
}
