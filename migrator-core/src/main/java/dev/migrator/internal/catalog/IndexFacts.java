package dev.migrator.internal.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the catalog holds about the relation that has the name of an index.
 *
 * @param table the object id of its table; 0 if it is no index
 * @param valid whether it is complete and used
 * @param unique whether it is unique
 * @param definition what follows USING, with every name qualified
 * @param constraints the names of the constraints that rely on it
 * @param replicaIdentity whether it identifies rows for logical replication
 * @param comment its comment
 * @param whole its definition with its tablespace
 * @param details the statements that give it what it has beyond that
 */
public record IndexFacts(
    long table,
    boolean valid,
    boolean unique,
    String definition,
    List<String> constraints,
    boolean replicaIdentity,
    @Nullable String comment,
    String whole,
    List<String> details) {

  public IndexFacts {
    constraints = List.copyOf(constraints);
    details = List.copyOf(details);
  }

  public boolean is(IndexShape shape) {
    return unique == shape.unique() && definition.equals(shape.definition());
  }
}
