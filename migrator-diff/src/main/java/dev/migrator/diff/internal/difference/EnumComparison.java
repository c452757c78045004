package dev.migrator.diff.internal.difference;

import dev.migrator.diff.internal.mapping.Attribute;
import dev.migrator.diff.internal.mapping.Constants;
import dev.migrator.diff.internal.schema.ColumnType;
import dev.migrator.diff.internal.schema.Place;
import dev.migrator.diff.internal.schema.SchemaColumn;
import dev.migrator.diff.internal.schema.SchemaTable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds constants that the database does not take yet. */
final class EnumComparison {

  private final Facts facts;

  private final Intents intents;

  private final Findings findings;

  private final Set<String> labels = new HashSet<>();

  EnumComparison(Facts facts, Intents intents, Findings findings) {
    this.facts = facts;
    this.intents = intents;
    this.findings = findings;
  }

  void compare(SchemaTable history) {
    for (SchemaColumn column : history.columns().values()) {
      Place place = new Place(history.id(), column.name());
      Attribute attribute = facts.mapping().at(place);
      if (attribute == null || attribute.constants() == null || intents.leaves(place)) {
        continue;
      }
      if (attribute.constants().storage() == Constants.Storage.TYPE) {
        type(attribute, attribute.constants(), column.type());
      }
      for (Facts.RefusedValues it : facts.refused().getOrDefault(place.text(), List.of())) {
        findings.changes.add(
            new Change.DropCheck(
                history.id(),
                it.check(),
                "%s can have %s, which the check %s of %s refuses"
                    .formatted(
                        attribute.where(),
                        String.join(", ", it.values()),
                        it.check(),
                        history.id().text())));
      }
    }
  }

  private void type(Attribute attribute, Constants constants, ColumnType type) {
    List<String> there = facts.history().enums().get(type.name());
    if (there == null) {
      return;
    }
    for (String name : constants.names()) {
      if (!there.contains(name) && labels.add(type.name().text() + " " + name)) {
        findings.changes.add(
            new Change.AddLabel(
                type.name(),
                name,
                "%s can have %s, which the type %s does not"
                    .formatted(attribute.where(), name, type.name().text())));
      }
    }
  }
}
