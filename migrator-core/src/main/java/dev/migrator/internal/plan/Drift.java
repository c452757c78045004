package dev.migrator.internal.plan;

import dev.migrator.Phase;
import dev.migrator.error.ErrorCode;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.error.NotReadyException;
import dev.migrator.internal.json.Json;
import dev.migrator.internal.operation.FileDefinition;
import dev.migrator.internal.operation.OperationFacts;
import dev.migrator.internal.operation.OperationFacts.Loss;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether a declaration still fits what has been done under its id. */
public final class Drift {

  private Drift() {}

  /**
   * Compares a declaration with the journal. A shorter chain is an older release and welcome, as
   * long as what it needs is there.
   *
   * @param contractedBy a release to run instead, as the end of a clause; empty if none is known
   * @throws InvalidMigrationException if a phase that was begun is declared differently now
   * @throws NotReadyException if this release needs the old side, and it is gone
   */
  public static void check(Declaration declaration, Recorded recorded, String contractedBy) {
    Optional<FileDefinition> ran = FileDefinition.of(recorded.operations());
    Optional<FileDefinition> declared = FileDefinition.of(declaration.operations());
    if (ran.isPresent() && declared.isPresent()) {
      check(declaration, recorded, ran.get(), declared.get());
      return;
    }
    for (Phase phase : Phase.values()) {
      boolean begun = recorded.begun() != null && recorded.begun().includes(phase);
      // Of what a baseline contains the journal knows only how far it goes.
      if (begun && !recorded.isContained() && declaration.declares().includes(phase)) {
        check(declaration, recorded, phase);
      }
    }
    if (recorded.phase() == Phase.CONTRACT && declaration.declares() != Phase.CONTRACT) {
      Loss loss =
          declaration
              .losses()
              .findFirst()
              .orElse(new Loss("", "what the contract removed", "the last phase", true));
      throw new NotReadyException(
          ErrorCode.RELEASE_TOO_OLD,
          "%s: this release declares %s only, so it still needs %s, which the contract retired at %s. Run a release that declares %s(…)%s%s."
              .formatted(
                  declaration.where(),
                  declaration.declares(),
                  loss.what(),
                  recorded.since(),
                  loss.verb(),
                  contractedBy,
                  recorded.wayBack()));
    }
  }

  /** A file that has not run to its end may be another one now: that is how it is mended. */
  private static void check(
      Declaration declaration, Recorded recorded, FileDefinition ran, FileDefinition declared) {
    boolean done = recorded.phase() != null && recorded.phase() == recorded.begun();
    if (done && !ran.fits(declared.checksum())) {
      throw new InvalidMigrationException(
          ErrorCode.FILE_CHANGED,
          "%s was changed after it ran at %s (it was %s, and is %s). Put it back as it was, and put what should be different into a new file; or, if it means the same, say why by migrator.sql.repair.%s=…"
              .formatted(
                  declaration.where(),
                  recorded.since(),
                  ran.checksum(),
                  declared.checksum(),
                  declaration.id()));
    }
  }

  private static void check(Declaration declaration, Recorded recorded, Phase phase) {
    List<Map<String, Object>> ran = meaning(recorded.operations(), phase);
    List<Map<String, Object>> declared = meaning(declaration.operations(), phase);
    if (!ran.equals(declared)) {
      throw new InvalidMigrationException(
          ErrorCode.CHANGED_AFTER_RUN,
          """
          %s: the phase %s was changed after it ran.
            It ran as:       %s
            It now declares: %s
          Undo the migration, or make a new one with a new id for what should be different."""
              .formatted(declaration.where(), phase, text(ran), text(declared)));
    }
  }

  /** A phase without a meaning says nothing, so that it can get one as long as it has not begun. */
  private static List<Map<String, Object>> meaning(List<OperationFacts> operations, Phase phase) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (OperationFacts operation : operations) {
      Map<String, Object> meaning = operation.definition().get(phase);
      if (meaning != null) {
        all.add(meaning);
      }
    }
    return all;
  }

  private static String text(List<Map<String, Object>> meaning) {
    return meaning.isEmpty()
        ? "nothing in this phase"
        : Json.write(meaning.size() == 1 ? meaning.get(0) : meaning);
  }
}
