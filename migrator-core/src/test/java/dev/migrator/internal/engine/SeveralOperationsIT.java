package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.RecipeLife.refusedAtStart;
import static dev.migrator.internal.engine.RecipeLife.run;
import static dev.migrator.internal.engine.RecipeLife.undo;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several operations of one migration that work on rows. */
class SeveralOperationsIT {

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void tables() {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text NOT NULL, c text, n int)",
        "INSERT INTO t SELECT n, 'a' || n, 'c' || n, NULLIF(n % 3, 0) FROM generate_series(1, 500) n",
        "CREATE TABLE other (id int PRIMARY KEY, a text)");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void twoRenamesOfOneTableGoTogetherAndComeBackTogether() {
    Migration both =
        Migration.define("m")
            .table("t")
            .renameColumn("a", "b")
            .switchRead()
            .dropColumn("a")
            .and()
            .table("t")
            .renameColumn("c", "d")
            .switchRead()
            .dropColumn("c");
    String before = sorted();
    run(fixture, both);
    assertThat(fixture.value("SELECT count(*) FROM t WHERE b = 'a' || id AND d = 'c' || id"))
        .isEqualTo("500");
    fixture.execute("UPDATE t SET b = 'new' WHERE id = 7");
    undo(fixture, both);
    assertThat(fixture.value("SELECT a FROM t WHERE id = 7")).isEqualTo("new");
    assertThat(sorted()).isEqualTo(before);
  }

  @Test
  void whatFillsRowsGoesBesideARename() {
    Migration migration =
        Migration.define("m")
            .table("t")
            .renameColumn("a", "b")
            .switchRead()
            .dropColumn("a")
            .and()
            .table("t")
            .addColumn("key", "uuid", it -> it.defaultValue("gen_random_uuid()").notNull())
            .and()
            .table("t")
            .setNotNull("n")
            .fillNullsWith("0")
            .stopFilling();
    run(fixture, migration);
    assertThat(fixture.value("SELECT count(DISTINCT key) || ' ' || count(n) FROM t"))
        .isEqualTo("500 500");
    assertThat(fixture.value("SELECT count(*) FROM t WHERE b = 'a' || id")).isEqualTo("500");
  }

  @Test
  void severalTablesAreRefused() {
    refusedAtStart(
        fixture,
        Migration.define("m")
            .table("t")
            .renameColumn("a", "b")
            .and()
            .table("other")
            .renameColumn("a", "b"),
        "MIG-1017",
        "public.other, public.t");
  }

  private String sorted() {
    return fixture.catalog().lines().sorted().reduce("", (all, line) -> all + line + "\n");
  }
}
