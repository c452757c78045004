package dev.migrator.diff.internal.difference;

import dev.migrator.diff.internal.difference.Intents.Kind;
import dev.migrator.diff.internal.difference.Question.Option;
import dev.migrator.diff.internal.mapping.Attribute;
import dev.migrator.diff.internal.schema.Place;
import dev.migrator.diff.internal.schema.SchemaColumn;
import dev.migrator.diff.internal.schema.SchemaTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Compares the columns of one table that is there and mapped. */
final class ColumnComparison {

  private final Facts facts;

  private final Intents intents;

  private final Findings findings;

  private final SchemaTable history;

  private final SchemaTable mapped;

  private final ColumnChanges changes;

  /** Columns that are there, and that nobody maps. */
  private final List<String> unmapped = new ArrayList<>();

  ColumnComparison(
      Facts facts, Intents intents, Findings findings, SchemaTable history, SchemaTable mapped) {
    this.facts = facts;
    this.intents = intents;
    this.findings = findings;
    this.history = history;
    this.mapped = mapped;
    this.changes = new ColumnChanges(facts, intents, findings, history);
    for (String column : history.columns().keySet()) {
      Place place = place(column);
      boolean settled =
          mapped.column(column) != null
              || facts.declared().contains(place.text())
              || facts.named().contains(column)
              || intents.leaves(place);
      if (!settled) {
        unmapped.add(column);
      }
    }
  }

  void compare() {
    List<SchemaColumn> missing = new ArrayList<>();
    for (SchemaColumn column : mapped.columns().values()) {
      SchemaColumn old = history.column(column.name());
      if (intents.leaves(place(column.name()))) {
        continue;
      }
      if (old != null) {
        changes.both(place(column.name()), old, column);
        finished(place(column.name()));
      } else {
        missing.add(column);
      }
    }
    // Those whose old name is known take it from the others.
    missing.removeIf(this::isRenamed);
    missing.forEach(this::missing);
    unmapped.forEach(this::unmapped);
  }

  private Place place(String column) {
    return new Place(history.id(), column);
  }

  private boolean isRenamed(SchemaColumn column) {
    Place place = place(column.name());
    Attribute attribute = facts.mapping().at(place);
    List<String> former = new ArrayList<>();
    Optional.ofNullable(intents.renamed(place)).ifPresent(former::add);
    if (former.isEmpty() && attribute != null && !intents.say(Kind.ADDED, place.text())) {
      former.addAll(attribute.formerNames());
    }
    if (former.isEmpty()) {
      return false;
    }
    List<String> there = former.stream().filter(it -> history.column(it) != null).toList();
    findings.open.add(place.text());
    if (there.size() != 1) {
      findings.refusals.add(
          new Refusal(
              "%s is said to be renamed from %s, and the table %s has %s of these columns"
                  .formatted(
                      facts.who(place),
                      String.join(", ", former),
                      history.id().text(),
                      there.isEmpty() ? "none" : "several"),
              "correct @RenamedFrom: it takes the name of the column as it is in the database"));
    } else if (mapped.column(there.get(0)) != null) {
      findings.refusals.add(
          new Refusal(
              "%s is said to be renamed from %s, which %s maps as well"
                  .formatted(facts.who(place), there.get(0), facts.who(place(there.get(0)))),
              "map one of them only"));
    } else {
      findings.open.add(place(there.get(0)).text());
      unmapped.remove(there.get(0));
      changes.renamed(place(there.get(0)), column, attribute);
    }
    return true;
  }

  /** Of a rename that is finished, the annotation says nothing any longer. */
  private void finished(Place place) {
    Attribute attribute = facts.mapping().at(place);
    List<String> former = (attribute == null) ? List.of() : attribute.formerNames();
    if (!former.isEmpty() && former.stream().allMatch(it -> history.column(it) == null)) {
      findings.notes.add(
          "@RenamedFrom(\"%s\") on %s names no column that is there; remove it"
              .formatted(String.join("\"), @RenamedFrom(\"", former), facts.who(place)));
    }
  }

  private void missing(SchemaColumn column) {
    Place place = place(column.name());
    if (intents.say(Kind.ADDED, place.text()) || unmapped.isEmpty()) {
      changes.added(place, column);
      return;
    }
    List<Option> options = new ArrayList<>();
    for (String old : unmapped) {
      findings.open.add(place(old).text());
      options.add(
          new Option(
              "it is the new name of %s: annotate it, or say so here".formatted(old),
              "@RenamedFrom(\"%s\") on %s, or --renamed=%s=%s"
                  .formatted(
                      old.replace("\"", "\\\""),
                      facts.who(place),
                      place(old).text(),
                      column.name())));
    }
    options.add(new Option("it is a new column", "--added=" + place.text()));
    findings.open.add(place.text());
    findings.questions.add(
        new Question(
            "%s maps the column %s, which is not there; %s mapped by nobody"
                .formatted(facts.who(place), place.text(), are(unmapped)),
            options));
  }

  private static String are(List<String> columns) {
    return String.join(", ", columns) + (columns.size() == 1 ? " is" : " are");
  }

  private void unmapped(String name) {
    Place place = place(name);
    @Nullable SchemaColumn column = history.column(name);
    if (column == null) {
      return;
    }
    if (intents.say(Kind.REMOVED, place.text())) {
      findings.changes.add(
          new Change.DropColumn(
              place, "%s is mapped by nobody any longer".formatted(place.text())));
    } else if (intents.say(Kind.OPTIONAL, place.text()) && !column.isOmissible()) {
      findings.changes.add(
          new Change.Relax(
              place, "%s stays, and inserts of this release leave it out".formatted(place.text())));
    } else if (findings.open.contains(place.text())) {
      return; // asked already
    } else if (column.isOmissible()) {
      findings.notes.add(
          "%s is mapped by nobody, and stays; if it is to go: --removed=%s"
              .formatted(place.text(), place.text()));
    } else {
      findings.ask(
          "%s is mapped by nobody, and refuses NULL: every insert of this release would fail"
              .formatted(place.text()),
          new Option("it is to go", "--removed=" + place.text()),
          new Option("it stays for others, and may be left out", "--optional=" + place.text()),
          new Option("something else fills it, such as a trigger", "--leave=" + place.text()));
    }
  }
}
