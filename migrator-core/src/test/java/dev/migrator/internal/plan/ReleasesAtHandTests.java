package dev.migrator.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.DualWrite;
import dev.migrator.Migration;
import dev.migrator.Phase;
import dev.migrator.internal.plan.Member.Declared;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whether an undo that waits for another release can end. */
class ReleasesAtHandTests {

  private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");

  private static final Migration.ReadSwitched SWITCHED =
      Migration.define("m")
          .table("t")
          .addColumn("b", "text")
          .dualWrite("a", "b", DualWrite.byApplication())
          .backfill()
          .switchRead();

  private static final Migration FAX = Migration.define("fax").table("t").dropColumn("fax");

  private static final Recorded RELEASED = contracted(SWITCHED.dropColumn("a"), OldSide.RELEASED);

  private static final List<Recorded> RECORDS = List.of(RELEASED, contracted(FAX, OldSide.KEPT));

  private static Recorded contracted(Migration migration, OldSide oldSide) {
    return new Recorded(
        migration.id(),
        "t",
        Phase.CONTRACT,
        Phase.CONTRACT,
        Declaration.of("bean", migration).operations(),
        NOW,
        false,
        false,
        false,
        false,
        null,
        NOW.plusSeconds(3600),
        false,
        oldSide);
  }

  private static Member member(
      String application, String release, @Nullable Instant leftAt, Migration... declared) {
    Map<String, Declared> declares = new HashMap<>();
    for (Migration migration : declared) {
      declares.put(migration.id(), Declaration.of("bean", migration).declared());
    }
    return new Member(
        release, application, release, NOW, NOW, NOW, leftAt, declares, Map.of(), List.of());
  }

  private static final Member FOURTH = member("shop", "4", null, SWITCHED.dropColumn("a"), FAX);

  private static @Nullable Refusal refusal(Member... members) {
    return ReleasesAtHand.refusal(RELEASED, new Fleet(List.of(members)), RECORDS);
  }

  @Test
  void noneThatCanStartIsKnown() {
    assertThat(refusal(FOURTH, member("shop", "3", NOW, SWITCHED)))
        .isNotNull()
        .extracting(Refusal::reason)
        .asString()
        .contains("shop 3 does not know of the contract of \"fax\"", "undo-contract:m");
  }

  @Test
  void oneOfThemIsEnough() {
    assertThat(
            refusal(
                FOURTH,
                member("shop", "3", NOW, SWITCHED),
                member("shop", "3.1", NOW, SWITCHED, FAX)))
        .isNull();
  }

  @Test
  void whereNoneEverRanNothingIsKnown() {
    assertThat(refusal(FOURTH)).isNull();
    assertThat(refusal(FOURTH, member("shop", "1", NOW))).isNull();
  }

  @Test
  void anotherApplicationTakesNobodysPlace() {
    assertThat(
            refusal(
                FOURTH,
                member("shop", "3", NOW, SWITCHED),
                member("jobs", "7", NOW, SWITCHED, FAX)))
        .isNotNull();
  }

  @Test
  void nobodyStandsInTheWay() {
    assertThat(refusal(member("shop", "3", NOW, SWITCHED))).isNull();
    Recorded kept = contracted(SWITCHED.dropColumn("a"), OldSide.KEPT);
    assertThat(
            ReleasesAtHand.refusal(
                kept, new Fleet(List.of(FOURTH, member("shop", "3", NOW, SWITCHED))), RECORDS))
        .isNull();
  }
}
