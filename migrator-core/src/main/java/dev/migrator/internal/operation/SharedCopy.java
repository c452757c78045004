package dev.migrator.internal.operation;

import dev.migrator.Phase;
import dev.migrator.internal.sql.RangeSql;
import dev.migrator.internal.step.BackfillStep;
import dev.migrator.internal.step.Step;
import dev.migrator.internal.step.StepInfo;
import dev.migrator.internal.step.SwitchReadStep;
import dev.migrator.internal.step.VerificationStep;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Rows that several operations copy in one pass, and verify in one: each row is written once.
 *
 * <p>A row that one of them needs is written by all of them. So only those may share it that write
 * what stands there already wherever both of their sides agree, as a copy does and a transform may
 * not.
 *
 * @param ranges how
 * @param triggers that must be active when both sides are compared
 */
public record SharedCopy(RangeSql ranges, List<String> triggers) {

  /**
   * Other names than those of passes of their own: where an earlier version of the library has done
   * some of these, what they have not copied is still to be.
   */
  private static final String SUFFIX = "-together";

  public SharedCopy {
    triggers = List.copyOf(triggers);
  }

  /** Whether both are of one table, and written alike. */
  boolean goesWith(SharedCopy other) {
    return ranges.table() == other.ranges.table()
        && ranges.userTriggers() == other.ranges.userTriggers();
  }

  static SharedCopy of(List<SharedCopy> all) {
    RangeSql first = all.get(0).ranges;
    return new SharedCopy(
        new RangeSql(
            first.table(),
            first.name(),
            first.estimatedRows(),
            first.from(),
            first.alias(),
            all.stream().map(it -> it.ranges.assignments()).collect(Collectors.joining(", ")),
            all.stream()
                .map(it -> it.ranges.disagrees())
                .collect(Collectors.joining(" OR ", "(", ")")),
            first.userTriggers()),
        all.stream().flatMap(it -> it.triggers.stream()).toList());
  }

  /** The steps of BACKFILL of those that share it, with one pass in the place of each one's own. */
  List<Step> around(Stream<Step> own) {
    List<Step> steps = new ArrayList<>();
    steps.add(new BackfillStep(info("backfill"), ranges));
    own.filter(it -> !(it instanceof BackfillStep) && !(it instanceof VerificationStep))
        .forEach(steps::add);
    steps.add(new VerificationStep(info("verify"), ranges, triggers, true));
    return steps;
  }

  /** A step by which reads are switched, of all that share the pass. */
  Step switching(Step step) {
    return (step instanceof SwitchReadStep)
        ? new SwitchReadStep(step.info(), ranges, triggers)
        : step;
  }

  private static StepInfo info(String name) {
    return StepInfo.of(name + SUFFIX, Phase.BACKFILL);
  }
}
