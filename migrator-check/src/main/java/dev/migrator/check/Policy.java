package dev.migrator.check;

import dev.migrator.check.internal.text.Script;
import dev.migrator.internal.file.Directives;
import dev.migrator.operation.SqlFile.Allowance;
import dev.migrator.plan.Work;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How bad findings are, and which of them a file allows. Pure. */
final class Policy {

  private final Map<Rule, Level> levels;

  private final LocalDate today;

  Policy(Map<Rule, Level> levels, LocalDate today) {
    this.levels = Map.copyOf(levels);
    this.today = today;
  }

  /** Takes the findings of one file, and gives those that are left, with those about allowances. */
  List<Finding> apply(Script script, List<Finding> found) {
    Directives directives = script.directives();
    List<Allowance> allowances = (directives == null) ? List.of() : directives.allowances();
    List<Integer> lines = (directives == null) ? List.of() : directives.allowanceLines();
    List<Finding> left = new ArrayList<>();
    boolean[] used = new boolean[allowances.size()];
    for (Finding finding : found) {
      Level level = levels.getOrDefault(finding.rule(), finding.level());
      if (level == Level.OFF) {
        markUsed(allowances, used, finding);
        continue;
      }
      left.add(allowed(finding.at(level), allowances, used));
    }
    for (int i = 0; i < allowances.size(); i++) {
      int line = lines.get(i);
      Allowance it = allowances.get(i);
      if (it.until().isBefore(today) && used[i]) {
        add(
            left,
            script,
            line,
            Rule.ALLOWANCE_EXPIRED,
            "%s was allowed until %s: \"%s\"".formatted(it.rule(), it.until(), it.reason()),
            "do it in another way, or say why for how much longer");
      } else if (!used[i]) {
        add(
            left,
            script,
            line,
            Rule.ALLOWANCE_UNUSED,
            "%s is allowed, and nothing of that kind is there".formatted(it.rule()),
            "remove the line");
      }
    }
    return left;
  }

  private static void markUsed(List<Allowance> allowances, boolean[] used, Finding finding) {
    for (int i = 0; i < used.length; i++) {
      used[i] |= allowances.get(i).rule().equals(finding.rule().id());
    }
  }

  private Finding allowed(Finding finding, List<Allowance> allowances, boolean[] used) {
    markUsed(allowances, used, finding);
    return allowances.stream()
        .filter(it -> it.rule().equals(finding.rule().id()) && !it.until().isBefore(today))
        .findFirst()
        .map(it -> finding.allowedBy(it.reason()))
        .orElse(finding);
  }

  private void add(
      List<Finding> left, Script script, int line, Rule rule, String message, String safe) {
    Level level = levels.getOrDefault(rule, Level.WARN);
    if (level != Level.OFF) {
      left.add(
          new Finding(
              rule,
              level,
              script.path(),
              line,
              1,
              script.changeSet(),
              "",
              null,
              null,
              Work.NOTHING,
              true,
              message,
              "",
              List.of(safe),
              null,
              null));
    }
  }
}
