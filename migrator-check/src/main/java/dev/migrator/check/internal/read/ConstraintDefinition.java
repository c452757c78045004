package dev.migrator.check.internal.read;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is said of a constraint.
 *
 * @param key its columns
 * @param check of a CHECK, what it demands
 * @param referenced of a foreign key, the columns of the other table; empty if it says none
 * @param notValid whether old rows are not checked
 * @param usingIndex the index that it takes; {@code null} if it builds one
 */
public record ConstraintDefinition(
    KeyDefinition key,
    @Nullable CheckExpression check,
    List<String> referenced,
    boolean notValid,
    @Nullable String usingIndex) {

  /** Of what is no constraint. */
  static final ConstraintDefinition NONE =
      new ConstraintDefinition(KeyDefinition.NONE, null, List.of(), false, null);

  public ConstraintDefinition {
    referenced = List.copyOf(referenced);
  }
}
