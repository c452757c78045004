package dev.migrator.internal.operation;

import dev.migrator.Phase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the journal keeps of a SQL file: the sum of what ran, and what an operator has said of it
 * since.
 *
 * @param checksum of what it was when it ran
 * @param accepted the sums of what it may be as well
 * @param missing whether it may be missing
 * @param repeatable whether another content is another migration
 * @param adopted whether another tool ran it, whose history was taken over
 */
public record FileDefinition(
    String checksum, List<String> accepted, boolean missing, boolean repeatable, boolean adopted) {

  /** The verb of the operation. */
  public static final String OPERATION = "file";

  /** Where the sum stands in the definition. */
  public static final String CHECKSUM = "checksum";

  /** Where stands whether it is repeatable, if it is. */
  public static final String REPEATABLE = "repeatable";

  /** Where stands whether another tool ran it. */
  public static final String ADOPTED = "adopted";

  private static final String ACCEPTED = "accepted";

  private static final String MISSING = "missing";

  public FileDefinition {
    accepted = List.copyOf(accepted);
  }

  /** That of a file; empty if it is none, or if the phase has not begun in which it runs. */
  public static Optional<FileDefinition> of(List<OperationFacts> operations) {
    for (OperationFacts operation : operations) {
      for (Map<String, Object> meaning : operation.definition().values()) {
        if (OPERATION.equals(meaning.get("operation"))) {
          return Optional.of(read(meaning));
        }
      }
    }
    return Optional.empty();
  }

  private static FileDefinition read(Map<String, Object> definition) {
    List<String> accepted = new ArrayList<>();
    if (definition.get(ACCEPTED) instanceof List<?> list) {
      list.forEach(it -> accepted.add(String.valueOf(it)));
    }
    return new FileDefinition(
        String.valueOf(definition.get(CHECKSUM)),
        accepted,
        Boolean.TRUE.equals(definition.get(MISSING)),
        Boolean.TRUE.equals(definition.get(REPEATABLE)),
        Boolean.TRUE.equals(definition.get(ADOPTED)));
  }

  /** Whether a file with that sum is what ran, or may take its place. */
  public boolean fits(String other) {
    return checksum.equals(other) || accepted.contains(other);
  }

  /** The same, which may be another file as well. */
  public FileDefinition accepting(String other) {
    List<String> all = new ArrayList<>(accepted);
    all.add(other);
    return new FileDefinition(checksum, all, missing, repeatable, adopted);
  }

  /** The same, which may be missing. */
  public FileDefinition allowedToMiss() {
    return new FileDefinition(checksum, accepted, true, repeatable, adopted);
  }

  /** The same, which another tool ran. */
  public FileDefinition takenOver() {
    return new FileDefinition(checksum, accepted, missing, repeatable, true);
  }

  /** The same operations with this in the place of the definition. */
  public List<OperationFacts> in(List<OperationFacts> operations) {
    return operations.stream().map(this::in).toList();
  }

  private OperationFacts in(OperationFacts operation) {
    Map<Phase, Map<String, Object>> definition = new HashMap<>();
    operation
        .definition()
        .forEach(
            (phase, it) ->
                definition.put(
                    phase,
                    OPERATION.equals(it.get("operation"))
                        ? Definitions.of(
                            OPERATION,
                            CHECKSUM,
                            checksum,
                            ACCEPTED,
                            accepted,
                            MISSING,
                            missing,
                            REPEATABLE,
                            repeatable,
                            ADOPTED,
                            adopted)
                        : it));
    return operation.defined(definition);
  }
}
