package dev.migrator.diff.internal.difference;

import java.util.List;

/**
 * By what a mapping is ahead of the migrations.
 *
 * @param changes what can be proposed, in the order in which it runs
 * @param questions what has to be answered first
 * @param refusals what cannot be done
 * @param notes what is no difference
 * @param unused answers to which there was no question
 */
public record Difference(
    List<Change> changes,
    List<Question> questions,
    List<Refusal> refusals,
    List<String> notes,
    List<String> unused) {

  /** Copies the lists. */
  public Difference {
    changes = List.copyOf(changes);
    questions = List.copyOf(questions);
    refusals = List.copyOf(refusals);
    notes = List.copyOf(notes);
    unused = List.copyOf(unused);
  }
}
