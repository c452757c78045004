package dev.migrator.test.rehearsal;

import dev.migrator.plan.LockMode;
import dev.migrator.plan.PlannedMigration;
import dev.migrator.plan.PlannedStep;
import dev.migrator.test.rehearsal.Course.Stage;
import dev.migrator.test.rehearsal.Noted.Held;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Puts together what was measured and what was planned. */
final class ReportBuilder {

  private final PlannedMigration plan;

  ReportBuilder(PlannedMigration plan) {
    this.plan = plan;
  }

  List<PhaseReport> phases(List<Stage> stages, List<Noted> noted) {
    List<PhaseReport> phases = new ArrayList<>();
    for (int i = 0; i < stages.size(); i++) {
      int number = i;
      phases.add(phase(stages.get(i), noted.stream().filter(it -> it.stage == number).toList()));
    }
    return phases;
  }

  private PhaseReport phase(Stage stage, List<Noted> noted) {
    Map<String, String> steps = plannedSteps(stage);
    Map<Long, List<Noted>> transactions = new LinkedHashMap<>();
    noted.forEach(
        it -> transactions.computeIfAbsent(it.transaction, n -> new ArrayList<>()).add(it));
    Map<String, Map<String, List<Noted>>> grouped = new LinkedHashMap<>();
    String last = steps.isEmpty() ? stage.name() : steps.values().iterator().next();
    for (List<Noted> transaction : transactions.values()) {
      String step = stepOf(transaction, steps);
      last = (step == null) ? last : step;
      for (Noted it : transaction) {
        if (steps.containsKey(normal(it.sql)) || doesSomething(it)) {
          grouped
              .computeIfAbsent(last, name -> new LinkedHashMap<>())
              .computeIfAbsent(normal(it.sql), sql -> new ArrayList<>())
              .add(it);
        }
      }
    }
    return new PhaseReport(
        stage.phase(),
        stage.afterRetention(),
        Duration.ofNanos(stage.end() - stage.begin()),
        stage.wal(),
        stage.before().growth(stage.after()),
        grouped.entrySet().stream()
            .map(
                it ->
                    new StepReport(
                        it.getKey(),
                        it.getValue().values().stream()
                            .map(same -> statement(same, stage.begin()))
                            .toList()))
            .toList());
  }

  /** By what its transaction has in common with the plan. */
  private static @Nullable String stepOf(List<Noted> transaction, Map<String, String> steps) {
    return transaction.stream()
        .map(it -> steps.get(normal(it.sql)))
        .filter(java.util.Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private Map<String, String> plannedSteps(Stage stage) {
    Map<String, String> steps = new LinkedHashMap<>();
    plan.phases().stream()
        .filter(it -> it.phase() == stage.phase())
        .flatMap(it -> it.steps().stream())
        .filter(it -> it.afterRetention() == stage.afterRetention())
        .forEach(it -> addStatements(it, steps));
    return steps;
  }

  private static void addStatements(PlannedStep step, Map<String, String> to) {
    step.statements().forEach(sql -> to.putIfAbsent(normal(sql), step.name()));
  }

  /** The journal is no table of the user's. */
  private static boolean doesSomething(Noted noted) {
    return noted.locks().stream().anyMatch(it -> it.mode != LockMode.ACCESS_SHARE);
  }

  /** Without the mark of a long statement, and whatever range it is. */
  static String normal(String sql) {
    return sql.replaceFirst("^/\\* migrator .*?\\*/\\s*", "")
        .strip()
        .replaceAll("'\\(\\d+,\\d+\\)'::tid", "'(n,0)'::tid")
        .replaceAll(
            " AND pg_catalog.get_byte\\(pg_catalog.tidsend\\(ctid\\), 5\\) % \\d+ = \\d+", "");
  }

  private static StatementReport statement(List<Noted> same, long begin) {
    Map<String, List<Held>> locks = new HashMap<>();
    for (Noted noted : same) {
      for (Held held : noted.locks()) {
        if (held.mode != LockMode.ACCESS_SHARE) {
          locks.computeIfAbsent(held.mode + " " + held.table, key -> new ArrayList<>()).add(held);
        }
      }
    }
    return new StatementReport(
        same.get(0).sql.replaceFirst("^/\\* migrator .*?\\*/\\s*", "").strip(),
        same.size(),
        (int) same.stream().filter(Noted::failed).count(),
        Duration.ofNanos(same.stream().mapToLong(it -> it.end() - it.begin).sum()),
        Duration.ofNanos(same.stream().mapToLong(it -> it.end() - it.begin).max().orElse(0)),
        same.stream().mapToLong(Noted::wal).sum(),
        locks.values().stream()
            .map(it -> lock(it, begin))
            .sorted(
                java.util.Comparator.comparing(MeasuredLock::mode)
                    .reversed()
                    .thenComparing(MeasuredLock::table))
            .toList(),
        all(same, Noted::scanned),
        all(same, Noted::built),
        all(same, Noted::rewritten));
  }

  private static List<String> all(List<Noted> same, Function<Noted, List<String>> what) {
    Set<String> all = new LinkedHashSet<>();
    same.forEach(it -> all.addAll(what.apply(it)));
    return List.copyOf(all);
  }

  private static MeasuredLock lock(List<Held> held, long begin) {
    Held first = held.get(0);
    return new MeasuredLock(
        first.table,
        first.mode,
        held.size(),
        Duration.ofNanos(held.stream().mapToLong(Held::time).max().orElse(0)),
        Duration.ofNanos(held.stream().mapToLong(Held::time).sum()),
        Duration.ofNanos(held.stream().mapToLong(it -> it.since).min().orElse(begin) - begin),
        Duration.ofNanos(held.stream().mapToLong(Held::until).max().orElse(begin) - begin));
  }
}
