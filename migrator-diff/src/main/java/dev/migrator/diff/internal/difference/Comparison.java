package dev.migrator.diff.internal.difference;

import dev.migrator.diff.internal.difference.Intents.Kind;
import dev.migrator.diff.internal.schema.SchemaTable;
import dev.migrator.diff.internal.schema.TableId;
import java.util.Optional;
import java.util.Set;

/** Compares what the mapping would make with what the migrations make. */
public final class Comparison {

  /** What other tools keep their history in. */
  private static final Set<String> OF_TOOLS =
      Set.of("flyway_schema_history", "databasechangelog", "databasechangeloglock");

  private Comparison() {}

  /**
   * Finds out what is missing.
   *
   * @param facts all that is known
   * @param intents what the team has answered
   */
  public static Difference of(Facts facts, Intents intents) {
    Findings findings = new Findings();
    Optional<Refusal> naming = NamingCause.of(facts);
    if (naming.isPresent()) {
      findings.refusals.add(naming.get());
      return findings.toDifference();
    }
    new TableComparison(facts, intents, findings).compare();
    EnumComparison enums = new EnumComparison(facts, intents, findings);
    for (TableId id : facts.tables().stream().sorted().toList()) {
      SchemaTable history = facts.history().table(id);
      SchemaTable mapped = facts.mapped().table(id);
      if (history != null && mapped != null && !intents.say(Kind.LEFT, id.text())) {
        new ColumnComparison(facts, intents, findings, history, mapped).compare();
        enums.compare(history);
      }
    }
    for (TableId id : facts.tables().stream().sorted().toList()) {
      SchemaTable history = facts.history().table(id);
      SchemaTable mapped = facts.mapped().table(id);
      if (history != null && mapped != null && !intents.say(Kind.LEFT, id.text())) {
        new KeyComparison(intents, findings, history, mapped).compare();
      }
    }
    new GeneratorComparison(facts, intents, findings).compare();
    for (TableId id : facts.history().tables().keySet()) {
      boolean known =
          facts.tables().contains(id)
              || intents.say(Kind.LEFT, id.text())
              || OF_TOOLS.contains(id.name());
      if (!known) {
        findings.notes.add("the table %s is mapped by nobody, and stays".formatted(id.text()));
      }
    }
    findings.unused.addAll(intents.unused());
    return findings.toDifference();
  }
}
