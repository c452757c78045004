package dev.migrator.diff.internal.difference;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Collects what is found. */
final class Findings {

  final List<Change> changes = new ArrayList<>();

  final List<Question> questions = new ArrayList<>();

  final List<Refusal> refusals = new ArrayList<>();

  final List<String> notes = new ArrayList<>();

  final List<String> unused = new ArrayList<>();

  /** Columns, mapped or not, of which it is open what becomes of them. */
  final Set<String> open = new HashSet<>();

  void ask(String text, Question.Option... options) {
    questions.add(new Question(text, List.of(options)));
  }

  Difference toDifference() {
    return new Difference(changes, questions, refusals, notes, unused);
  }
}
