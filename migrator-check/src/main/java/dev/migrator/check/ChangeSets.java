package dev.migrator.check;

import dev.migrator.check.internal.changelog.ChangelogReader;
import dev.migrator.check.internal.judge.Draft;
import dev.migrator.check.internal.read.Parsed;
import dev.migrator.check.internal.text.Script;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The change sets of a changelog, as what is checked. */
final class ChangeSets {

  private ChangeSets() {}

  static CheckSource of(
      LiquibaseChangelog changelog, @Nullable String from, TrialSource trials, Path root) {
    requireLiquibase();
    ChangelogReader reader =
        ChangelogReader.open(changelog.folders(), trials.database(), trials.trial().version());
    try {
      List<CheckUnit> units =
          reader
              .read(
                  changelog.file(),
                  changelog.contexts(),
                  changelog.labels(),
                  changelog.parameters(),
                  it -> FileSource.relative(root, it))
              .stream()
              .map(ChangeSets::unit)
              .toList();
      requireOne(units, from);
      return new CheckSource("change set", List.of(), units, reader::close);
    } catch (RuntimeException ex) {
      reader.close();
      throw ex;
    }
  }

  private static CheckUnit unit(ChangelogReader.Entry it) {
    String withAuthor = it.id() + "::" + it.author();
    String inFull = it.path() + "::" + withAuthor;
    Set<String> names = Set.of(it.id(), withAuthor, inFull);
    return new CheckUnit(names::contains, it.script());
  }

  /** Ids are often numbers, which each file begins anew. */
  private static void requireOne(List<CheckUnit> units, @Nullable String from) {
    if (from != null && units.stream().filter(it -> it.named().test(from)).count() > 1) {
      throw new IllegalArgumentException(
          "several change sets have the id %s; name one of them as path::id::author"
              .formatted(from));
    }
  }

  /** It is read by the version of the project, so none comes with the check. */
  private static void requireLiquibase() {
    try {
      Class.forName("liquibase.Scope", false, ChangeSets.class.getClassLoader());
    } catch (ClassNotFoundException ex) {
      throw new IllegalArgumentException(
          "a changelog is read by Liquibase, which is not on the class path: add org.liquibase:liquibase-core, 4.33 or 5",
          ex);
    }
  }

  /** What Liquibase runs in one transaction, and the server does not. */
  static @Nullable Draft refused(Script script, Parsed parsed) {
    boolean together = script.directives() == null || script.directives().inTransaction();
    return together && parsed.kind().outside()
        ? Draft.of(
            Rule.WILL_FAIL,
            Level.ERROR,
            "it cannot run in a transaction, and Liquibase runs its change set in one",
            "",
            List.of("put it into a change set of its own, with runInTransaction=\"false\""))
        : null;
  }
}
