package dev.migrator.diff;

import dev.migrator.internal.json.Json;
import dev.migrator.source.BeanLanguage;
import java.util.List;

/**
 * By what a mapping is ahead of the migrations.
 *
 * <pre>{@code
 * MappingDiff diff = MigratorDiff.application(ShopApplication.class).run();
 * System.out.println(diff.toText());
 * }</pre>
 *
 * @param migrations those that are missing, in the order in which they run
 * @param questions what has to be answered first
 * @param refusals what cannot be done
 * @param notes what is no difference, such as columns that nobody maps
 * @param unusedAnswers answers to which there was no question, as they are given on a command line
 * @param language that of the beans
 */
public record MappingDiff(
    List<ProposedMigration> migrations,
    List<OpenQuestion> questions,
    List<RefusedChange> refusals,
    List<String> notes,
    List<String> unusedAnswers,
    BeanLanguage language) {

  /** Copies the lists. */
  public MappingDiff {
    migrations = List.copyOf(migrations);
    questions = List.copyOf(questions);
    refusals = List.copyOf(refusals);
    notes = List.copyOf(notes);
    unusedAnswers = List.copyOf(unusedAnswers);
  }

  /** Whether the migrations make everything that is mapped, and no answer is left over. */
  public boolean isEmpty() {
    return migrations.isEmpty()
        && questions.isEmpty()
        && refusals.isEmpty()
        && unusedAnswers.isEmpty();
  }

  /** 0 if nothing is missing, 1 if something is, 2 if something has to be answered first or not. */
  public int exitCode() {
    if (!questions.isEmpty() || !refusals.isEmpty() || !unusedAnswers.isEmpty()) {
      return 2;
    }
    return migrations.isEmpty() ? 0 : 1;
  }

  /** As people read it. */
  public String toText() {
    return DiffText.of(this);
  }

  /** The class with the beans of this release, to be pasted: Java, or Kotlin. */
  public String toSource() {
    return BeanSource.configuration(migrations, language);
  }

  /** As programs read it. */
  public String toJson() {
    return Json.write(this);
  }
}
