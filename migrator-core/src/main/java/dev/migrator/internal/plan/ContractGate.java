package dev.migrator.internal.plan;

import dev.migrator.MappedColumn;
import dev.migrator.Phase;
import dev.migrator.internal.Listing;
import dev.migrator.settings.ContractMode;
import dev.migrator.settings.ContractSettings;
import dev.migrator.status.Hold;
import dev.migrator.status.Hold.Reason;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether the old side may go: only if no live instance can use it. Asked by the planner, and again
 * inside of the transaction that takes it away, in which nobody can register.
 */
public final class ContractGate {

  private static final int NAMED = 10;

  private ContractGate() {}

  /**
   * Decides.
   *
   * @param now the database's clock
   * @return what holds the contract, and until when if time alone releases it; {@code null} if
   *     nothing does
   */
  public static Decision.@Nullable Wait check(
      Declaration declaration,
      Recorded recorded,
      Fleet fleet,
      ContractSettings settings,
      Instant now) {
    List<Hold> holds = new ArrayList<>();
    if (settings.mode() == ContractMode.OFF) {
      holds.add(
          new Hold(
              Reason.CONTRACT_OFF,
              "migrator.contract.mode is off, so the old side stays",
              "set migrator.contract.mode to auto or manual"));
    }
    boolean approved =
        recorded.contractApproved() || settings.approved().contains(declaration.id());
    if (settings.mode() == ContractMode.MANUAL && !approved) {
      holds.add(
          new Hold(
              Reason.CONTRACT_NOT_APPROVED,
              "every instance of a release that still %s must be gone first, and migrator.contract.mode is manual"
                  .formatted(declaration.needs()),
              "give the command CONTRACT, or list the id in migrator.contract.approved"));
    }
    holds.addAll(fleet(declaration, fleet));
    boolean besideSessions = settings.mode() != ContractMode.AUTO || approved;
    fleet.others().getOrDefault(declaration.id(), List.of()).stream()
        .filter(it -> it.reason() != Reason.UNREGISTERED_SESSIONS || !besideSessions)
        .forEach(holds::add);
    Instant soaked = holds.isEmpty() ? soaked(declaration.id(), fleet, settings) : null;
    if (soaked != null && now.isBefore(soaked)) {
      Hold hold =
          new Hold(
              Reason.SOAK,
              "the last instance that needed the old side has gone less than %s ago"
                  .formatted(settings.soak()),
              "wait until " + soaked + " (migrator.contract.soak)");
      return new Decision.Wait(List.of(hold), soaked);
    }
    return holds.isEmpty() ? null : new Decision.Wait(holds, null);
  }

  private static List<Hold> fleet(Declaration declaration, Fleet fleet) {
    String id = declaration.id();
    List<Hold> holds = new ArrayList<>();
    add(
        holds,
        Reason.OLD_INSTANCES,
        fleet,
        it -> !it.declaresAtLeast(id, Phase.CONTRACT),
        "running instances are of a release that does not declare %s, so each counts as one that still %s: "
            .formatted(contracting(declaration), declaration.needs()),
        "put instances of a release that declares it in their place; the contract follows by itself when the last of them has gone");
    add(
        holds,
        Reason.READS_OLD_SIDE,
        fleet,
        it -> it.declaresAtLeast(id, Phase.CONTRACT) && it.mayReadOld(id),
        "running instances have not turned their reads to the new side yet: ",
        "they do so by themselves; one that does not must be stopped");
    // Of SQL nobody knows whether a mapping uses what it takes away.
    add(
        holds,
        Reason.MAPPED,
        fleet,
        it -> it.mapped() == null && !declaration.sides().isEmpty(),
        "running instances are still starting, and have not told which columns they map: ",
        "wait until they have started");
    mapped(holds, declaration, fleet);
    return holds;
  }

  static void add(
      List<Hold> holds,
      Reason reason,
      Fleet fleet,
      Predicate<Member> stands,
      String message,
      String remedy) {
    List<Member> members = fleet.live().filter(stands).toList();
    if (!members.isEmpty()) {
      List<String> names =
          members.stream()
              .map(
                  it ->
                      "%s, last seen at %s"
                          .formatted(describe(it), it.seenAt().truncatedTo(ChronoUnit.SECONDS)))
              .toList();
      holds.add(new Hold(reason, message + Listing.first(NAMED, "; ", names), remedy));
    }
  }

  private static void mapped(List<Hold> holds, Declaration declaration, Fleet fleet) {
    List<String> evidence =
        fleet
            .live()
            .filter(it -> it.mapped() != null)
            .flatMap(
                it ->
                    conflicts(declaration, it.mapped()).stream()
                        .map(column -> describe(column) + " in " + describe(it)))
            .limit(NAMED)
            .toList();
    if (!evidence.isEmpty()) {
      holds.add(
          new Hold(
              Reason.MAPPED,
              "running instances still map the old side: " + String.join("; ", evidence),
              "deploy a release that does not map it"));
    }
  }

  /** Those mappings that use what the contract of a change takes away. */
  public static List<MappedColumn> conflicts(
      Declaration declaration, @Nullable List<MappedColumn> mapped) {
    if (mapped == null) {
      return List.of();
    }
    return mapped.stream()
        .filter(
            it ->
                declaration.sides().stream()
                    .anyMatch(sides -> sides.retires(it.table(), it.column())))
        .toList();
  }

  private static String describe(MappedColumn column) {
    return "%s (column \"%s\" of \"%s\")"
        .formatted(column.where(), column.column(), column.table());
  }

  static String describe(Member member) {
    return "%s %s on %s".formatted(member.application(), member.release(), member.name());
  }

  private static String contracting(Declaration declaration) {
    if (declaration.isFile()) {
      return "the file " + declaration.bean();
    }
    return declaration.oldColumns().isEmpty()
        ? "its last phase"
        : declaration.oldColumns().stream()
            .map(it -> '"' + it + '"')
            .collect(Collectors.joining(", ", "dropColumn(", ")"));
  }

  private static @Nullable Instant soaked(String id, Fleet fleet, ContractSettings settings) {
    if (settings.soak().isZero()) {
      return null;
    }
    return fleet
        .gone()
        .filter(it -> !it.declaresAtLeast(id, Phase.CONTRACT))
        .map(Member::leftAt)
        .max(Instant::compareTo)
        .map(it -> it.plus(settings.soak()))
        .orElse(null);
  }
}
