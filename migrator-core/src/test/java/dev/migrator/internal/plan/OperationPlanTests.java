package dev.migrator.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.OnDelete;
import dev.migrator.OnTable;
import dev.migrator.Phase;
import dev.migrator.TableName;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OperationPlanTests {

  private static final Migration RENAME = t().renameColumn("a", "b");

  private static OnTable t() {
    return Migration.define("m").table("t");
  }

  private static boolean blocks(Migration earlier, Migration later) {
    return Overlap.blocks(Declaration.of("x", earlier), null, Declaration.of("y", later));
  }

  @Test
  void changesOfTheSameColumnsWaitForEachOther() {
    assertThat(blocks(RENAME, t().setNotNull("b"))).isTrue();
    assertThat(blocks(RENAME, t().setNotNull("c"))).isFalse();
    assertThat(blocks(t().setNotNull("c").fillNullsWith("lower(A)"), RENAME)).isTrue();
    assertThat(blocks(t().addCheck("k", "b > 0"), RENAME)).isTrue();
    assertThat(blocks(RENAME, t().addIndex("i").onExpressions("lower(a)"))).isTrue();
    assertThat(blocks(RENAME, t().addIndex("i").on("c").where("a > 0"))).isTrue();
    assertThat(blocks(RENAME, t().addIndex("i").on("c").include("a"))).isTrue();
    assertThat(blocks(RENAME, t().addForeignKey("k", "a").references("p", "id"))).isTrue();
    assertThat(blocks(RENAME, Migration.define("n").table("other").setNotNull("a"))).isFalse();
    assertThat(blocks(RENAME, t().dropIndex("a"))).isFalse();
  }

  @Test
  void operationsWaitForOperationsOnlyWhereAForeignKeyNeedsAUniqueKey() {
    Migration key =
        Migration.define("k").table("child").addForeignKey("k", "x").references("t", "a");
    assertThat(blocks(t().addUnique("u", "a"), key)).isTrue();
    assertThat(blocks(t().addIndex("u").on("a").unique(), key)).isTrue();
    assertThat(blocks(t().addIndex("u").on("a"), key)).isFalse();
    assertThat(blocks(t().addUnique("u", "z"), key)).isFalse();
    assertThat(blocks(t().setNotNull("a"), t().addUnique("u", "a"))).isFalse();
  }

  @Test
  void nobodyWaitsForWhatIsSettled() {
    Declaration adds = Declaration.of("x", t().addColumn("b", "int"));
    Declaration check = Declaration.of("y", t().addCheck("k", "b > 0"));
    assertThat(Overlap.blocks(adds, null, check)).isTrue();
    assertThat(Overlap.blocks(adds, Phase.EXPAND, check)).isFalse();
    Declaration rename = Declaration.of("z", RENAME);
    assertThat(Overlap.blocks(check, Phase.DUAL_WRITE, rename)).isTrue();
    assertThat(Overlap.blocks(check, Phase.BACKFILL, rename)).isFalse();
    Declaration filling = Declaration.of("f", t().setNotNull("a").fillNullsWith("1"));
    assertThat(Overlap.blocks(filling, Phase.BACKFILL, rename)).isTrue();
    assertThat(Overlap.blocks(filling, Phase.CONTRACT, rename)).isFalse();
  }

  private static Map<Phase, Map<String, Object>> definition(Migration migration) {
    return Declaration.of("x", migration).operations().get(0).definition();
  }

  @Test
  void definitionsAreTakenFromTheModelAndStandAtThePhaseThatWorks() {
    assertThat(
            definition(
                t().addForeignKey("k", "a")
                    .references(new TableName("s", "p"), "id")
                    .onDelete(OnDelete.SET_NULL)))
        .isEqualTo(
            Map.of(
                Phase.BACKFILL,
                Map.of(
                    "operation",
                    "addForeignKey",
                    "table",
                    "t",
                    "name",
                    "k",
                    "columns",
                    List.of("a"),
                    "references",
                    "s.p",
                    "referencedColumns",
                    List.of("id"),
                    "onDelete",
                    "SET_NULL")));
    assertThat(definition(t().addIndex("i").onExpressions(" lower( a )").unique().where("a  > 0")))
        .isEqualTo(
            Map.of(
                Phase.BACKFILL,
                Map.of(
                    "operation",
                    "addIndex",
                    "table",
                    "t",
                    "name",
                    "i",
                    "unique",
                    true,
                    "method",
                    "btree",
                    "expressions",
                    "lower( a )",
                    "where",
                    "a > 0")));
    assertThat(definition(t().setNotNull("a").fillNullsWith("'x'").stopFilling()))
        .isEqualTo(
            Map.of(
                Phase.DUAL_WRITE,
                Map.of("operation", "fillNulls", "table", "t", "column", "a", "with", "'x'"),
                Phase.BACKFILL,
                Map.of("operation", "setNotNull", "table", "t", "column", "a"),
                Phase.CONTRACT,
                Map.of("operation", "stopFilling", "table", "t", "column", "a")));
    assertThat(definition(t().dropIndex("i")))
        .isEqualTo(
            Map.of(Phase.CONTRACT, Map.of("operation", "dropIndex", "table", "t", "name", "i")));
  }

  @Test
  void anOperationIsServedWithoutWaitingForIt() {
    assertThat(Declaration.of("x", t().dropIndex("i")).readsNewSide()).isFalse();
    assertThat(Declaration.of("x", RENAME).readsNewSide()).isFalse();
    assertThat(Declaration.of("x", t().addUnique("u", "a")).goesOn()).isFalse();
    assertThat(Declaration.of("x", t().setNotNull("a").fillNullsWith("1")).goesOn()).isTrue();
    assertThat(Declaration.of("x", t().setNotNull("a")).goesOn()).isFalse();
  }
}
