package dev.migrator.postgres;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An index that goes.
 *
 * @param index its name
 * @param facts what it is; {@code null} if it is not there
 */
public record IndexDropRecipe(TableFacts table, IndexName index, @Nullable IndexFacts facts)
    implements ResolvedRecipe {

  /** Builds it again: what an interrupted attempt has left goes first. */
  public List<String> undo() {
    if (facts == null) {
      return List.of();
    }
    IndexShape shape = new IndexShape(facts.unique(), facts.definition(), List.of(), null);
    List<String> sql = new ArrayList<>();
    sql.add(index.drop());
    sql.add(shape.build(index.name(), table.quoted()));
    if (facts.comment() != null) {
      sql.add(
          "COMMENT ON INDEX %s IS %s"
              .formatted(index.quoted(), Identifiers.literal(facts.comment())));
    }
    return sql;
  }
}
