package dev.migrator.internal.engine;

import dev.migrator.error.ErrorCode;
import dev.migrator.internal.catalog.PlpgsqlChecker;
import dev.migrator.internal.engine.step.VerificationFailed;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.step.Gate;
import dev.migrator.internal.step.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Functions that a contract would break, as {@code plpgsql_check} says it in the transaction of the
 * contract: what they say to be missing behind it and did not before. The table is locked by then
 * anyway; if there is one, all is rolled back.
 */
final class BrokenFunctions {

  private final PlpgsqlChecker checker;

  private final Declaration declaration;

  private final Set<String> words = new TreeSet<>();

  private @Nullable Map<String, List<String>> before;

  private BrokenFunctions(PlpgsqlChecker checker, Declaration declaration) {
    this.checker = checker;
    this.declaration = declaration;
  }

  /** Those of a step; of one that contracts nothing there are none. */
  static BrokenFunctions of(Database database, Declaration declaration, Step step) {
    BrokenFunctions functions = new BrokenFunctions(new PlpgsqlChecker(database), declaration);
    if (step.info().gate() == Gate.CONTRACT) {
      declaration.sides().forEach(it -> functions.words.addAll(it.oldNames()));
    }
    return functions;
  }

  /** To be called in the transaction, before anything is locked. */
  void before() {
    before = words.isEmpty() ? null : checker.missing(words).orElse(null);
  }

  /**
   * To be called in it when the columns have gone.
   *
   * @throws VerificationFailed if there are such functions
   */
  void after() {
    Map<String, List<String>> known = before;
    if (known == null) {
      return;
    }
    Map<String, List<String>> broken = new TreeMap<>(checker.missing(words).orElse(Map.of()));
    broken.entrySet().removeAll(known.entrySet());
    List<String> found = new ArrayList<>();
    broken.forEach(
        (function, lines) -> {
          String plain = function.substring(0, function.indexOf('('));
          if (!declaration.acknowledges(function, plain)) {
            found.add(function + " (" + String.join("; ", lines) + ")");
          }
        });
    if (!found.isEmpty()) {
      throw new VerificationFailed(
          ErrorCode.HELD_USED_BY_FUNCTION,
          "functions of the database would fail without what goes, as plpgsql_check says: %s; change them, or declare acknowledgeFunction(\"schema.name\"), and give RETRY"
              .formatted(String.join("; ", found)));
    }
  }
}
