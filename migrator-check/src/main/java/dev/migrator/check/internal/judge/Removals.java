package dev.migrator.check.internal.judge;

import dev.migrator.check.Level;
import dev.migrator.check.Rule;
import dev.migrator.check.internal.effect.Effect;
import dev.migrator.check.internal.effect.Touch;
import dev.migrator.check.internal.read.ActionKind;
import dev.migrator.check.internal.read.Parsed;
import dev.migrator.check.internal.read.Parsed.Mark;
import dev.migrator.internal.effect.Change;
import dev.migrator.plan.Work;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What code of releases that run may miss, or not expect. */
final class Removals {

  private static final int NAMED = 5;

  private Removals() {}

  static List<Draft> of(Parsed parsed, Effect effect, boolean contract, int version) {
    List<Draft> drafts = new ArrayList<>();
    Touch touch = effect.touched().stream().filter(Touch::known).findFirst().orElse(null);
    if (!contract) {
      taken(
          effect.changes(),
          touch,
          drafts,
          Remedies.inPhases(parsed, Judge.isPartitioned(effect), version));
    }
    boolean required =
        effect.changes().stream().anyMatch(it -> it.kind() == Change.Kind.VALUE_REQUIRED);
    if (required) {
      drafts.add(
          Draft.of(
              Rule.WILL_FAIL,
              Level.ERROR,
              "a column that is NOT NULL and has no default cannot be added where there are rows",
              "it passes on an empty database, and fails in production",
              Remedies.of(parsed, Judge.isPartitioned(effect), version)));
    }
    unexpected(parsed, effect, touch, drafts);
    return drafts;
  }

  private static void taken(
      List<Change> changes, @Nullable Touch touch, List<Draft> drafts, List<String> remedies) {
    Map<Change.Kind, List<Change>> byKind = new LinkedHashMap<>();
    for (Change it : changes) {
      if (it.kind().takesAway()) {
        byKind.computeIfAbsent(it.kind(), kind -> new ArrayList<>()).add(it);
      }
    }
    byKind.forEach(
        (kind, all) -> {
          List<String> safe = new ArrayList<>(remedies);
          safe.add("in phases: " + kind.instead());
          safe.add(
              "or let the file wait for older releases: \"-- migrator: contract\" in its first line");
          drafts.add(
              new Draft(
                  Rule.of(kind.rule()).orElse(Rule.BREAKS_OLD_CODE),
                  Level.ERROR,
                  touch,
                  Work.NOTHING,
                  -1,
                  text(all),
                  "code of a release that runs may still use it",
                  safe));
        });
  }

  private static String text(List<Change> changes) {
    String all = String.join("; ", changes.stream().limit(NAMED).map(Change::text).toList());
    int more = changes.size() - NAMED;
    return all + (more > 0 ? "; and %d more".formatted(more) : "");
  }

  /** Nothing is missing, but something is there that code may not be ready for. */
  private static void unexpected(
      Parsed parsed, Effect effect, @Nullable Touch touch, List<Draft> drafts) {
    if (parsed.does(ActionKind.DROP_NOT_NULL) && touch != null) {
      drafts.add(
          Draft.of(
              Rule.BREAKS_OLD_CODE,
              Level.WARN,
              touch,
              Work.NOTHING,
              "the column may be NULL from now on",
              "a release that reads it may not be ready for NULL, such as a primitive of Java",
              List.of("let releases run that can read NULL before one writes it")));
    }
    boolean renamesValue = parsed.has(Mark.RENAMES_VALUE) && effect.changes().isEmpty();
    if (parsed.has(Mark.ADDS_VALUE)) {
      drafts.add(
          Draft.of(
              Rule.BREAKS_OLD_CODE,
              Level.WARN,
              "the type has a value that older code does not know",
              "a release that reads it may fail, such as Enum.valueOf(…)",
              List.of("write the value only when every release knows it")));
    } else if (renamesValue) {
      drafts.add(
          Draft.of(
              Rule.BREAKS_OLD_CODE,
              Level.ERROR,
              "the value has another name from now on",
              "a release that writes or reads the old one fails",
              List.of("add the new value, write both, and change the rows in ranges")));
    }
  }
}
