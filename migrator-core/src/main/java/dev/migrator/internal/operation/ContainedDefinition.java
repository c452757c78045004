package dev.migrator.internal.operation;

import dev.migrator.Phase;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the journal keeps of a migration that has not run, because a baseline has all it makes.
 *
 * @param by the id of the baseline
 */
public record ContainedDefinition(String by) {

  private static final String OPERATION = "contained";

  private static final String BY = "by";

  /** That of a migration; empty if it has run, or is to run. */
  public static Optional<ContainedDefinition> of(List<OperationFacts> operations) {
    for (OperationFacts operation : operations) {
      for (Map<String, Object> meaning : operation.definition().values()) {
        if (OPERATION.equals(meaning.get("operation"))) {
          return Optional.of(new ContainedDefinition(String.valueOf(meaning.get(BY))));
        }
      }
    }
    return Optional.empty();
  }

  /**
   * As it is recorded.
   *
   * @param last the last phase of the migration
   */
  public List<OperationFacts> operations(Phase last) {
    return List.of(
        OperationFacts.of(
            List.of(), last, last, null, Map.of(last, Definitions.of(OPERATION, BY, by))));
  }
}
