package dev.migrator.diff.internal.difference;

import dev.migrator.diff.internal.schema.Index;
import dev.migrator.diff.internal.schema.Key;
import dev.migrator.diff.internal.schema.Place;
import dev.migrator.diff.internal.schema.Reference;
import dev.migrator.diff.internal.schema.SchemaTable;
import java.util.List;
import java.util.Set;

/**
 * Compares keys and indexes of one table that is there and mapped, by their columns: what they are
 * called, nobody has to know.
 */
final class KeyComparison {

  private final Intents intents;

  private final Findings findings;

  private final SchemaTable history;

  private final SchemaTable mapped;

  KeyComparison(Intents intents, Findings findings, SchemaTable history, SchemaTable mapped) {
    this.intents = intents;
    this.findings = findings;
    this.history = history;
    this.mapped = mapped;
  }

  void compare() {
    mapped.keys().stream()
        .filter(it -> !it.primary() && isSettled(it.columns()))
        .forEach(this::key);
    mapped.references().stream().filter(it -> isSettled(it.columns())).forEach(this::reference);
    mapped.indexes().stream().filter(it -> isSettled(it.columns())).forEach(this::index);
  }

  /** What a column on its way brings with it, shows when it is there. */
  private boolean isSettled(List<String> columns) {
    return columns.stream()
        .map(it -> new Place(history.id(), it))
        .noneMatch(it -> findings.open.contains(it.text()) || intents.leaves(it));
  }

  private void key(Key key) {
    if (history.keys().stream().noneMatch(it -> it.isAbout(key.columns()))) {
      findings.changes.add(
          new Change.AddUnique(
              history.id(),
              ConstraintNames.of(history.id(), key.columns(), key.name(), "key"),
              key.columns(),
              "the mapping says that %s is unique in %s".formatted(names(key.columns()), table())));
    }
  }

  private void reference(Reference reference) {
    boolean there =
        history.references().stream()
            .anyMatch(
                it ->
                    it.parent().equals(reference.parent())
                        && Set.copyOf(it.columns()).equals(Set.copyOf(reference.columns())));
    if (!there) {
      findings.changes.add(
          new Change.AddReference(
              history.id(),
              ConstraintNames.named(history.id(), reference),
              "the mapping says that %s of %s refers to %s"
                  .formatted(names(reference.columns()), table(), reference.parent().text())));
    }
  }

  private void index(Index index) {
    if (!history.isIndexed(index.columns())) {
      findings.changes.add(
          new Change.AddIndex(
              history.id(),
              new Index(
                  ConstraintNames.of(history.id(), index.columns(), index.name(), "idx"),
                  index.columns()),
              "the mapping has an index on %s of %s".formatted(names(index.columns()), table())));
    }
  }

  private String table() {
    return history.id().text();
  }

  private static String names(List<String> columns) {
    return String.join(", ", columns);
  }
}
