package dev.migrator.internal.operation.constraint;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is needed to drop a constraint and to make it again.
 *
 * @param kind as the catalog has it: {@code c} CHECK, {@code u} unique, {@code f} foreign key,
 *     {@code p} primary key, {@code x} exclusion, {@code n} NOT NULL
 * @param definition without NOT VALID, every name qualified
 * @param validated whether it is known to hold for all rows
 * @param plain whether it is none that cannot be made again so, such as NOT ENFORCED
 * @param columns its columns
 * @param expression of a CHECK
 * @param parent schema and name of the table that a foreign key refers to; empty for others
 * @param parentColumns the columns that it refers to
 * @param index what follows USING in the definition of the index of a unique constraint
 * @param timing when it is checked, as SQL writes it; empty if at once
 * @param clustered whether the table is clustered by its index
 * @param replicaIdentity whether its index identifies rows for logical replication
 * @param comment its comment
 * @param indexComment the comment of its index
 * @param dependents what depends on it
 */
record TableConstraint(
    String kind,
    String definition,
    boolean validated,
    boolean plain,
    List<String> columns,
    @Nullable String expression,
    List<String> parent,
    List<String> parentColumns,
    @Nullable String index,
    String timing,
    boolean clustered,
    boolean replicaIdentity,
    @Nullable String comment,
    @Nullable String indexComment,
    List<String> dependents) {

  /** Whether ON CONFLICT ON CONSTRAINT can name it. */
  boolean isArbiter() {
    return List.of("u", "p", "x").contains(kind);
  }
}
