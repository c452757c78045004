package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.plan.MigrationPlan;
import dev.migrator.plan.PlannedStep;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The example of the page on plans. */
class PlanExampleIT {

  @Test
  void aPlanIsRead() {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try (Fixture fixture = Fixture.withoutJournal()) {
      fixture.execute("CREATE TABLE users (id int PRIMARY KEY, name text)");
      Migrator migrator =
          fixture.migrator(Migration.define("m").table("users").renameColumn("name", "full_name"));
      MigrationPlan plan = migrator.plan();
      System.out.println(plan.summary()); // 4 migrations: 2 reached, 1 runs, 1 held because …
      System.out.println(plan.toText()); // every phase, every step, with its SQL
      for (PlannedStep step : plan.steps().toList()) {
        if (step.locks().stream().anyMatch(it -> it.mode().blocksReads())) {
          System.out.println(step.name() + " locks everybody out for a moment");
        }
      }
    } finally {
      System.setOut(before);
    }
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains(
            "1 migration: 1 runs",
            "ADD COLUMN \"full_name\" text",
            "add-columns locks everybody out for a moment");
  }
}
