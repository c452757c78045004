package dev.migrator.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.OnDelete;
import dev.migrator.OnTable;
import dev.migrator.Phase;
import dev.migrator.TableName;
import org.junit.jupiter.api.Test;

class RecipePlanTests {

  private static final Migration RENAME = t().renameColumn("a", "b");

  private static OnTable t() {
    return Migration.define("m").table("t");
  }

  private static boolean blocks(Migration earlier, Migration later) {
    return Overlap.blocks(new Declaration("x", earlier), null, new Declaration("y", later));
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
  void recipesWaitForRecipesOnlyWhereAForeignKeyNeedsAUniqueKey() {
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
    Declaration adds = new Declaration("x", t().addColumn("b", "int"));
    Declaration check = new Declaration("y", t().addCheck("k", "b > 0"));
    assertThat(Overlap.blocks(adds, null, check)).isTrue();
    assertThat(Overlap.blocks(adds, Phase.EXPAND, check)).isFalse();
    Declaration rename = new Declaration("z", RENAME);
    assertThat(Overlap.blocks(check, Phase.DUAL_WRITE, rename)).isTrue();
    assertThat(Overlap.blocks(check, Phase.BACKFILL, rename)).isFalse();
    Declaration filling = new Declaration("f", t().setNotNull("a").fillNullsWith("1"));
    assertThat(Overlap.blocks(filling, Phase.BACKFILL, rename)).isTrue();
    assertThat(Overlap.blocks(filling, Phase.CONTRACT, rename)).isFalse();
  }

  @Test
  void definitionsAreTakenFromTheModelAndStandAtThePhaseThatWorks() {
    assertThat(
            Definition.of(
                t().addForeignKey("k", "a")
                    .references(new TableName("s", "p"), "id")
                    .onDelete(OnDelete.SET_NULL)))
        .containsExactly(
            "", "", "table t, foreign key \"k\" [a] references s.p [id] on delete SET_NULL");
    assertThat(
            Definition.of(t().addIndex("i").onExpressions(" lower( a )").unique().where("a  > 0")))
        .containsExactly(
            "", "", "table t, unique index \"i\" using btree on lower( a ) where a > 0");
    assertThat(Definition.of(t().setNotNull("a").fillNullsWith("'x'").stopFilling()))
        .containsExactly(
            "", "table t, fill \"a\" with 'x'", "table t, set \"a\" not null", "", "stop filling");
    assertThat(Definition.of(t().dropIndex("i")))
        .containsExactly("", "", "", "", "table t, drop index \"i\"");
  }

  @Test
  void aRecipeIsServedWithoutWaitingForIt() {
    assertThat(new Declaration("x", t().dropIndex("i")).readsNewSide()).isFalse();
    assertThat(new Declaration("x", RENAME).readsNewSide()).isFalse();
    assertThat(new Declaration("x", t().addUnique("u", "a")).goesOn()).isFalse();
    assertThat(new Declaration("x", t().setNotNull("a").fillNullsWith("1")).goesOn()).isTrue();
    assertThat(new Declaration("x", t().setNotNull("a")).goesOn()).isFalse();
  }
}
