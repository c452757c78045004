package dev.migrator.diff.shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.diff.MappingDiff;
import dev.migrator.diff.MigratorDiff;
import org.junit.jupiter.api.Test;

/** The aggregates of Spring Data JDBC, whose mapping says no types. */
class ShopDiffIT {

  @Test
  void aggregatesAreComparedByTheirColumns() {
    MappingDiff diff =
        MigratorDiff.application(ShopApplication.class, "--migrator.locations=classpath:db/shop/")
            .run();
    assertThat(diff.toText())
        .contains(
            "Customer.visits maps customer.visits, which is not there, and is never null",
            "--fill=customer.visits=<SQL>");
    assertThat(diff.questions()).hasSize(1);
    assertThat(diff.toSource())
        .contains(
            ".renameColumn(\"mail\", \"email\")",
            ".addColumn(\"voucher\", \"uuid\")",
            ".addColumn(\"city\", \"text\")",
            ".table(\"line\")\n        .addColumn(\"price\", \"bigint\")");
    assertThat(diff.migrations()).as(diff.toText()).hasSize(4);
    assertThat(diff.notes()).isEmpty();
  }
}
