package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.Migration;
import dev.migrator.MigratorBuilder;
import dev.migrator.plan.PlannedMigration;
import org.junit.jupiter.api.Test;

class UpToIT {

  private static Migration add(String id, String column) {
    return Migration.define(id).table("t").addColumn(column, "text");
  }

  @Test
  void whatComesLaterInTheHistoryIsLeftOut() {
    try (Fixture fixture = new Fixture()) {
      fixture.execute("CREATE TABLE t (id int)");
      MigratorBuilder builder =
          Fixture.builder(fixture.dataSource())
              .declare("third", add("2026-03-01", "c"))
              .declare("first", add("2026-01-01", "a"))
              .declare("second", add("2026-02-01", "b"));
      assertThat(builder.upTo("2026-02-01").build().plan().migrations())
          .extracting(PlannedMigration::id)
          .containsExactly("2026-01-01", "2026-02-01");
      assertThat(builder.upTo(null).build().plan().migrations()).hasSize(3);
      assertThatThrownBy(() -> builder.upTo("2026-04-01").build())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("MIG-5012: no migration \"2026-04-01\" is declared")
          .hasMessageContaining("2026-02-01");
    }
  }
}
