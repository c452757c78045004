package dev.migrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.error.InvalidMigrationException;
import dev.migrator.operation.AddIndex;
import java.util.List;
import org.junit.jupiter.api.Test;

class OperationTests {

  private static OnTable table() {
    return Migration.define("m").table("t");
  }

  @Test
  void everyOperationIsAMigrationThatSaysHowFarItGoes() {
    assertThat(table().setNotNull("a").declares()).isEqualTo(Phase.BACKFILL);
    assertThat(table().setNotNull("a").fillNullsWith("1").declares()).isEqualTo(Phase.BACKFILL);
    assertThat(table().setNotNull("a").fillNullsWith("1").stopFilling().declares())
        .isEqualTo(Phase.CONTRACT);
    assertThat(table().addCheck("c", "a > 0").declares()).isEqualTo(Phase.BACKFILL);
    assertThat(table().addForeignKey("k", "a").references("p", "b").declares())
        .isEqualTo(Phase.BACKFILL);
    assertThat(table().addUnique("u", "a").declares()).isEqualTo(Phase.BACKFILL);
    assertThat(table().addIndex("i").on("a").declares()).isEqualTo(Phase.BACKFILL);
    assertThat(table().dropIndex("i").declares()).isEqualTo(Phase.CONTRACT);
  }

  @Test
  void stagesAreImmutable() {
    Migration.IndexAdded plain = table().addIndex("i").on("a");
    Migration other = plain.unique().where("a > 0").using("hash").include("b", "c");
    TableName t = new TableName(null, "t");
    assertThat(plain.operations())
        .containsExactly(new AddIndex(t, "i", List.of("a"), null, false, null, "btree", List.of()));
    assertThat(other.operations())
        .containsExactly(
            new AddIndex(t, "i", List.of("a"), null, true, "a > 0", "hash", List.of("b", "c")));
    assertThat(other.toString()).contains("migration \"m\"", "BACKFILL");
  }

  @Test
  void severalOperationsAreOneMigration() {
    Migration one =
        table()
            .addIndex("i")
            .on("a")
            .and()
            .table("u")
            .addColumn("b", "text")
            .dualWrite("a", "b")
            .backfill();
    assertThat(one.operations()).extracting(it -> it.table().name()).containsExactly("t", "u");
    assertThat(one.declares())
        .as("as far as the one goes that can go on")
        .isEqualTo(Phase.BACKFILL);
    assertThat(table().addColumn("b", "int").and().table("t").addIndex("i").on("b").declares())
        .isEqualTo(Phase.BACKFILL);
    assertThat(table().dropIndex("i").and().table("t").addUnique("u", "a").declares())
        .isEqualTo(Phase.CONTRACT);
  }

  @Test
  void badNamesAreRefused() {
    refuses("64 bytes", () -> table().addIndex("x".repeat(64)));
    refuses("empty", () -> table().addIndex("i").on(""));
    refuses("twice", () -> table().addIndex("i").on("a", "a"));
    refuses("onExpressions(…) is empty", () -> table().addIndex("i").onExpressions(" "));
    refuses("where(…) is empty", () -> table().addIndex("i").on("a").where(""));
    refuses("64 bytes", () -> table().dropIndex("x".repeat(64)));
    refuses("empty", () -> table().setNotNull(" "));
    refuses("fillNullsWith(…) is empty", () -> table().setNotNull("a").fillNullsWith(""));
    refuses("addCheck(…) is empty", () -> table().addCheck("c", " "));
    refuses("constraint \"xxx", () -> table().addCheck("x".repeat(64), "true"));
    refuses("twice", () -> table().addUnique("u", "a", "a"));
    refuses("the same number", () -> table().addForeignKey("k", "a", "b").references("p", "id"));
  }

  private static void refuses(String part, Runnable declaration) {
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(declaration::run)
        .withMessageContaining(part);
  }
}
