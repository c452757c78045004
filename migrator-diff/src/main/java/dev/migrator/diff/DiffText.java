package dev.migrator.diff;

import java.util.List;

/** A difference as people read it. */
final class DiffText {

  private final StringBuilder text = new StringBuilder();

  private DiffText() {}

  static String of(MappingDiff diff) {
    DiffText writer = new DiffText();
    writer.summary(diff);
    diff.unusedAnswers().forEach(writer::unused);
    diff.refusals().forEach(writer::refusal);
    diff.questions().forEach(writer::question);
    for (int i = 0; i < diff.migrations().size(); i++) {
      writer.migration(i + 1, diff.migrations().get(i));
    }
    if (!diff.notes().isEmpty()) {
      writer.text.append('\n');
      diff.notes().forEach(it -> writer.line("Note: " + it + "."));
    }
    return writer.text.toString();
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  private void summary(MappingDiff diff) {
    if (diff.isEmpty()) {
      line("The migrations make everything that is mapped.");
      return;
    }
    if (!diff.unusedAnswers().isEmpty()) {
      line("Answers to no question: %d.".formatted(diff.unusedAnswers().size()));
    }
    line(
        "Missing migrations: %d. Questions: %d. Refused: %d."
            .formatted(diff.migrations().size(), diff.questions().size(), diff.refusals().size()));
  }

  private void unused(String answer) {
    line("\nNot asked: " + answer + ".");
    line("  What to do: correct the name, or leave the answer out.");
  }

  private void refusal(RefusedChange refusal) {
    line("\nRefused: " + refusal.text() + ".");
    line("  What to do: " + refusal.remedy() + ".");
  }

  private void question(OpenQuestion question) {
    line("\nQuestion: " + question.text() + ".");
    for (OpenQuestion.Answer it : question.answers()) {
      line("  - " + it.meaning() + ":");
      line("      " + it.line());
    }
  }

  private void migration(int number, ProposedMigration migration) {
    line("\n%d. %s: %s.".formatted(number, migration.id(), migration.why()));
    List<ProposedRelease> releases = migration.releases();
    for (int i = 0; i < releases.size(); i++) {
      String which =
          switch (i) {
            case 0 -> "This release";
            case 1 -> "The next one";
            default -> "The one after it";
          };
      line("\n  %s: %s.\n".formatted(which, releases.get(i).code()));
      text.append(releases.get(i).bean().indent(6));
    }
    if (migration.up() != null) {
      line("\n  Or as a SQL file:\n");
      text.append(migration.up().indent(6));
      if (migration.down() != null) {
        line("\n  and its way back:\n");
        text.append(migration.down().indent(6));
      }
    }
  }
}
