package dev.migrator.diff.internal.difference;

import dev.migrator.diff.internal.difference.Intents.Kind;
import dev.migrator.diff.internal.schema.TableId;

/** Compares the sequences by which keys are generated. */
final class GeneratorComparison {

  private final Facts facts;

  private final Intents intents;

  private final Findings findings;

  GeneratorComparison(Facts facts, Intents intents, Findings findings) {
    this.facts = facts;
    this.intents = intents;
    this.findings = findings;
  }

  void compare() {
    facts
        .mapped()
        .sequences()
        .forEach(
            (sequence, increment) -> {
              if (intents.say(Kind.LEFT, sequence.text())) {
                return;
              }
              Long there = facts.history().sequences().get(sequence);
              if (there == null) {
                missing(sequence, increment);
              } else if (!there.equals(increment)) {
                other(sequence, there, increment);
              }
            });
  }

  /** One for a table that is there would give keys that another generator has given. */
  private void missing(TableId sequence, long increment) {
    boolean ofNewTable =
        findings.changes.stream()
            .anyMatch(
                it ->
                    it instanceof Change.AddTable added
                        && sequence.name().startsWith(added.table().id().name()));
    if (intents.say(Kind.ADDED, sequence.text()) || ofNewTable) {
      findings.changes.add(
          new Change.AddSequence(
              sequence,
              increment,
              "keys come from the sequence %s, which is not there".formatted(sequence.text())));
      return;
    }
    findings.refusals.add(
        new Refusal(
            "keys of a table that is there would come from a new sequence %s, beside the generator that running releases use: both would give the same keys"
                .formatted(sequence.text()),
            "keep @GeneratedValue as it was, or name the sequence that is there by @SequenceGenerator(sequenceName = …, allocationSize = …); if no row is there yet: --added="
                + sequence.text()));
  }

  private void other(TableId sequence, long there, long increment) {
    findings.refusals.add(
        new Refusal(
            "the mapping takes %d keys of %s at a time, and the sequence goes on by %d: releases that run would give the same keys"
                .formatted(increment, sequence.text(), there),
            "say allocationSize = %d in its @SequenceGenerator".formatted(there)));
  }
}
