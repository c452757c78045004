package dev.migrator.diff.internal.difference;

import dev.migrator.diff.internal.difference.Intents.Kind;
import dev.migrator.diff.internal.difference.Question.Option;
import dev.migrator.diff.internal.mapping.Attribute;
import dev.migrator.diff.internal.schema.Place;
import dev.migrator.diff.internal.schema.SchemaColumn;
import dev.migrator.diff.internal.schema.SchemaTable;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What becomes of one column. */
final class ColumnChanges {

  private static final int LONGEST = 63;

  private final Facts facts;

  private final Intents intents;

  private final Findings findings;

  private final SchemaTable history;

  ColumnChanges(Facts facts, Intents intents, Findings findings, SchemaTable history) {
    this.facts = facts;
    this.intents = intents;
    this.findings = findings;
    this.history = history;
  }

  /** One that is there and mapped. */
  void both(Place place, SchemaColumn old, SchemaColumn column) {
    if (facts.declared().contains(place.text())) {
      return; // on its way
    }
    type(place, old, column);
    if (column.source() == SchemaColumn.Source.IDENTITY && !old.isFilled()) {
      findings.refusals.add(
          new Refusal(
              "%s leaves the values of %s to the database, which has no generator for it"
                  .formatted(facts.who(place), place.text()),
              "keep its @GeneratedValue as it was; or give the column a default from a sequence by setDefault(…), in a release before"));
    }
    if (column.notNull() && !old.notNull() && !has(place, Attribute.Role.VERSION)) {
      required(place);
    } else if (!column.notNull()
        && old.notNull()
        && !old.isFilled()
        && has(place, Attribute.Role.OF_SUBCLASS)) {
      findings.changes.add(
          new Change.Relax(
              place,
              "%s is of one class of several in the table: rows of the others have NULL in %s"
                  .formatted(facts.who(place), place.text())));
    }
  }

  private boolean has(Place place, Attribute.Role role) {
    Attribute attribute = facts.mapping().at(place);
    return attribute != null && attribute.role() == role;
  }

  private void type(Place place, SchemaColumn old, SchemaColumn column) {
    if (isSatisfied(place, old, column)) {
      return;
    }
    String why =
        "%s maps %s as %s; it is %s"
            .formatted(facts.who(place), place.text(), column.type().sql(), old.type().sql());
    if (facts.types().get(place.text()) == TypeStep.WIDER) {
      findings.changes.add(new Change.Widen(place, column.type().sql(), why));
    } else {
      replaced(place, freeName(place.column()), column, why);
    }
  }

  private boolean isSatisfied(Place place, SchemaColumn old, SchemaColumn column) {
    Attribute attribute = facts.mapping().at(place);
    Attribute.TypeSaid said = (attribute == null) ? Attribute.TypeSaid.KIND : attribute.type();
    return said == Attribute.TypeSaid.NOTHING
        || old.type().isSame(column.type())
        || (said == Attribute.TypeSaid.KIND && old.type().isKin(column.type()))
        || facts.types().get(place.text()) == TypeStep.NARROWER;
  }

  /** One that has another name. */
  void renamed(Place from, SchemaColumn column, @Nullable Attribute attribute) {
    Place to = new Place(from.table(), column.name());
    SchemaColumn old = history.columns().get(from.column());
    boolean same =
        old == null
            || attribute == null
            || attribute.type() == Attribute.TypeSaid.NOTHING
            || old.type().isKin(column.type());
    if (same) {
      findings.changes.add(
          new Change.Rename(
              from,
              column.name(),
              facts.who(to),
              "%s is %s now".formatted(from.text(), column.name())));
    } else {
      replaced(
          from,
          column.name(),
          column,
          "%s is %s now, and %s".formatted(from.text(), column.name(), column.type().sql()));
    }
  }

  private void replaced(Place from, String to, SchemaColumn column, String why) {
    findings.open.add(from.text());
    Intents.Transform transform = intents.transform(from);
    if (transform != null && transform.forward() != null && transform.backward() != null) {
      Place mapped = new Place(from.table(), column.name());
      findings.changes.add(
          new Change.Replace(from, to, column.type().sql(), transform, facts.who(mapped), why));
      return;
    }
    String name = from.text();
    findings.ask(
        why + ": old and new releases need values in both forms",
        new Option(
            "a new column %s takes the new form: say how a value gets from one to the other, and back"
                .formatted(to),
            "--forward=%s=<SQL over %s> --backward=%s=<SQL over %s>"
                .formatted(name, from.column(), name, to)),
        new Option("the driver takes both: nothing is to be done", "--leave=" + name));
  }

  private String freeName(String column) {
    String base = column;
    while ((base + "_2").getBytes(StandardCharsets.UTF_8).length > LONGEST) {
      base = base.substring(0, base.offsetByCodePoints(base.length(), -1));
    }
    int number = 2;
    while (history.column(base + "_" + number) != null) {
      number++;
    }
    return base + "_" + number;
  }

  private void required(Place place) {
    String fill = intents.fill(place);
    String why = "%s is never null; %s may be".formatted(facts.who(place), place.text());
    if (fill != null || intents.say(Kind.NEVER_NULL, place.text())) {
      findings.changes.add(new Change.Require(place, fill, why));
      return;
    }
    findings.ask(
        why + ". What do releases that run write there?",
        new Option(
            "NULL: rows and writes with NULL get a value",
            "--fill=%s=<SQL>".formatted(place.text())),
        new Option("never NULL, and no row has it", "--never-null=" + place.text()),
        new Option("the column keeps taking NULL", "--leave=" + place.text()));
  }

  /** One that is new. */
  void added(Place place, SchemaColumn column) {
    String why = "%s maps %s, which is not there".formatted(facts.who(place), place.text());
    Attribute attribute = facts.mapping().at(place);
    String type = column.type().sql();
    String fill = intents.fill(place);
    String given = (fill == null) ? column.defaultExpression() : fill;
    if (given == null && attribute != null && attribute.role() == Attribute.Role.VERSION) {
      given = "0"; // the first one; an entity without one counts as new
    }
    if (given != null) {
      boolean notNull =
          column.notNull() || (attribute != null && attribute.role() == Attribute.Role.VERSION);
      findings.changes.add(new Change.AddFilledColumn(place, type, given, notNull, why));
    } else if (column.source() != SchemaColumn.Source.PLAIN) {
      findings.open.add(place.text());
      findings.refusals.add(
          new Refusal(
              why + ", and leaves its values to the database",
              "declare the column by hand: only you know what rows that are there get"));
    } else if (column.notNull()) {
      findings.open.add(place.text());
      findings.ask(
          why
              + ", and is never null. What do rows have that older releases write, and those that are there?",
          new Option(
              "a value, which becomes the default of the column",
              "--fill=%s=<SQL>".formatted(place.text())),
          new Option(
              "nothing: let the attribute be null until all releases write it",
              "nullable = true on %s, in this release".formatted(facts.who(place))));
    } else {
      findings.changes.add(new Change.AddColumn(place, type, why));
    }
  }
}
