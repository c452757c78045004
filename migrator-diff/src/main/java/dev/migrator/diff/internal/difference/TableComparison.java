package dev.migrator.diff.internal.difference;

import dev.migrator.diff.internal.difference.Intents.Kind;
import dev.migrator.diff.internal.difference.Question.Option;
import dev.migrator.diff.internal.schema.Index;
import dev.migrator.diff.internal.schema.Reference;
import dev.migrator.diff.internal.schema.SchemaTable;
import dev.migrator.diff.internal.schema.TableId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds tables that are mapped and not there. */
final class TableComparison {

  private final Facts facts;

  private final Intents intents;

  private final Findings findings;

  TableComparison(Facts facts, Intents intents, Findings findings) {
    this.facts = facts;
    this.intents = intents;
    this.findings = findings;
  }

  void compare() {
    List<SchemaTable> missing = new ArrayList<>();
    for (TableId id : facts.tables().stream().sorted().toList()) {
      SchemaTable table = facts.mapped().table(id);
      if (table == null
          || facts.history().table(id) != null
          || facts.history().views().contains(id)
          || intents.say(Kind.LEFT, id.text())) {
        continue;
      }
      Optional<TableId> other = alike(table);
      if (!intents.say(Kind.ADDED, id.text()) && other.isPresent()) {
        ask(id, other.get());
      } else {
        missing.add(table);
      }
    }
    add(missing);
  }

  /** A table that nobody maps, and that has all of its columns. */
  private Optional<TableId> alike(SchemaTable table) {
    return facts.history().tables().values().stream()
        .filter(it -> !facts.tables().contains(it.id()))
        .filter(it -> it.columns().keySet().containsAll(table.columns().keySet()))
        .map(SchemaTable::id)
        .findFirst();
  }

  private void ask(TableId table, TableId other) {
    findings.ask(
        "the table %s is mapped and not there; %s has all of its columns, and is mapped by nobody"
            .formatted(table.text(), other.text()),
        new Option(
            "it is the same table: keep its name, as older releases know no other",
            "@Table(name = \"%s\")".formatted(other.name())),
        new Option("it is a new table", "--added=" + table.text()));
  }

  /** Each behind those that it refers to; of a circle, the last keys come on their own. */
  private void add(List<SchemaTable> missing) {
    Set<TableId> there = new HashSet<>(facts.history().tables().keySet());
    List<Change> later = new ArrayList<>();
    while (!missing.isEmpty()) {
      SchemaTable next =
          missing.stream()
              .filter(
                  it ->
                      it.references().stream()
                          .allMatch(
                              key -> there.contains(key.parent()) || key.parent().equals(it.id())))
              .findFirst()
              .orElse(missing.get(0));
      missing.remove(next);
      there.add(next.id());
      findings.changes.add(
          new Change.AddTable(
              ConstraintNames.named(next, there),
              "the table %s is mapped and not there".formatted(next.id().text())));
      for (Reference key : next.references()) {
        if (!there.contains(key.parent())) {
          later.add(
              new Change.AddReference(
                  next.id(),
                  ConstraintNames.named(next.id(), key),
                  "%s refers to %s".formatted(next.id().text(), key.parent().text())));
        }
      }
      for (Index index : next.indexes()) {
        later.add(
            new Change.AddIndex(
                next.id(),
                new Index(
                    ConstraintNames.of(next.id(), index.columns(), index.name(), "idx"),
                    index.columns()),
                "the mapping has an index on %s".formatted(next.id().text())));
      }
    }
    findings.changes.addAll(later);
  }
}
