package dev.migrator.plan;

import dev.migrator.Phase;
import dev.migrator.postgres.Attachment;
import dev.migrator.postgres.CarrySql;
import dev.migrator.postgres.ResolvedChange;
import java.util.ArrayList;
import java.util.List;

/**
 * The steps that give the new column what the old one has. Made from what the catalog lacks, so
 * that what was added to the old column later is carried in a later phase.
 */
final class CarrySteps {

  private CarrySteps() {}

  static List<Step> of(Phase phase, ResolvedChange change) {
    CarrySql sql = new CarrySql(change);
    List<Step> steps = new ArrayList<>();
    for (Attachment attachment : sql.missing()) {
      String name = ((phase == Phase.CONTRACT) ? "carry-late-" : "carry-") + attachment.name();
      List<String> drop = List.of(sql.dropConstraint(attachment));
      switch (attachment.kind()) {
        case INDEX -> steps.add(index(name, phase, sql, attachment));
        case UNIQUE_CONSTRAINT -> {
          steps.add(index(name + "-index", phase, sql, attachment));
          steps.add(
              new Step.Ddl(
                  name,
                  phase,
                  sql.locks(attachment),
                  List.of(sql.addUniqueConstraint(attachment)),
                  drop));
        }
        case CHECK, FOREIGN_KEY -> {
          steps.add(
              new Step.Ddl(
                  name,
                  phase,
                  sql.locks(attachment),
                  List.of(sql.addConstraint(attachment)),
                  drop));
          steps.add(
              new Step.Validation(
                  name + "-validate", phase, List.of(sql.validate(attachment)), List.of()));
        }
      }
    }
    change.carriedNotNull().ifPresent(it -> steps.addAll(NotNullSteps.of(phase, it)));
    return steps;
  }

  private static Step index(String name, Phase phase, CarrySql sql, Attachment attachment) {
    return new Step.Index(
        name,
        phase,
        sql.index(attachment),
        true,
        sql.buildIndex(attachment),
        List.of(sql.index(attachment).drop()));
  }
}
