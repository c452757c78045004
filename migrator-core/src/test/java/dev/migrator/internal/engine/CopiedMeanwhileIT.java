package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.migrator.DualWrite;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.status.MigrationStatus.State;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Somebody changes the old column while a change of it is under way: triggers and what was copied
 * to the new column are made anew from what it is now.
 */
@Tag("server-version")
class CopiedMeanwhileIT {

  private static final Migration.Backfilled RENAMED =
      Migration.define("m").table("t").renameColumn("a", "b");

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void table() {
    fixture.execute(
        "CREATE TABLE p (code text PRIMARY KEY)",
        "INSERT INTO p VALUES ('basic'), ('gold'), ('silver')",
        "CREATE TABLE t (id int PRIMARY KEY, a text NOT NULL DEFAULT 'basic')",
        "INSERT INTO t SELECT n, 'gold' FROM generate_series(1, 100) n");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private String row(int id) {
    return fixture.value("SELECT concat_ws('|', a, b) FROM t WHERE id = " + id);
  }

  private String made(String what) {
    return fixture.value(
        "SELECT " + what + " FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'b'");
  }

  private String defaultOfB() {
    return fixture.value(
        "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum WHERE attrelid = 't'::regclass AND attname = 'b'");
  }

  /** The leader looks before the next phase, and when it looks for commands. */
  private Migrator looks(Migration migration) {
    Migrator migrator = fixture.migrator(migration);
    migrator.prepare();
    migrator.start();
    return migrator;
  }

  @Test
  void whatWasTheDefaultIsGivenByTheWriterNow() {
    fixture.reach(Phase.SWITCH_READ, RENAMED.switchRead());
    fixture.execute("ALTER TABLE t ALTER a SET DEFAULT 'gold'");
    Migrator migrator = looks(RENAMED.switchRead());
    Fixture.await(() -> defaultOfB().contains("gold"), this::defaultOfB);
    fixture.execute(
        "INSERT INTO t (id, b) VALUES (101, 'gold'), (102, 'basic')",
        "INSERT INTO t (id, a) VALUES (103, 'basic')",
        "INSERT INTO t (id) VALUES (104)");
    assertThat(List.of(row(101), row(102), row(103), row(104)))
        .containsExactly("gold|gold", "basic|basic", "basic|basic", "gold|gold");
    assertThat(migrator.status("m").orElseThrow().state()).isNotEqualTo(State.FAILED);
  }

  /** It does not find the same difference again and again. */
  @Test
  void itIsMadeAnewOnce() {
    fixture.reach(Phase.SWITCH_READ, RENAMED.switchRead());
    fixture.execute("ALTER TABLE t ALTER a SET DEFAULT now()::text");
    looks(RENAMED.switchRead());
    Fixture.await(() -> defaultOfB().isEmpty(), this::defaultOfB);
    fixture.execute("ALTER TABLE t ALTER a SET DEFAULT 'silver'");
    Fixture.await(() -> defaultOfB().contains("silver"), this::defaultOfB);
    fixture.execute("COMMENT ON COLUMN t.a IS 'the level'");
    Fixture.await(() -> made("col_description(attrelid, attnum)").equals("the level"), () -> "");
    assertThat(
            fixture.value(
                "SELECT count(*) FROM migrator.event WHERE kind = 'STEP_DONE' AND detail::text LIKE '%make-anew%' OR step = 'make-anew'"))
        .isEqualTo("3");
  }

  @Test
  void aDefaultOfTheNewColumnsOwnStays() {
    fixture.reach(Phase.SWITCH_READ, RENAMED.switchRead());
    fixture.execute(
        "ALTER TABLE t ALTER b SET DEFAULT 'silver'", "COMMENT ON COLUMN t.a IS 'the level'");
    looks(RENAMED.switchRead());
    Fixture.await(() -> made("col_description(attrelid, attnum)").equals("the level"), () -> "");
    assertThat(defaultOfB()).contains("silver");
    fixture.execute(
        "INSERT INTO t (id, b) VALUES (101, 'basic')",
        "INSERT INTO t (id, a) VALUES (102, 'silver')");
    assertThat(row(101)).isEqualTo("basic|basic");
    assertThat(row(102)).isEqualTo("silver|silver");
  }

  @Test
  void commentsAndSettingsFollow() {
    fixture.execute("ALTER TABLE t ALTER a SET STATISTICS 50, ALTER a SET (n_distinct = 7)");
    fixture.reach(Phase.BACKFILL, RENAMED);
    assertThat(made("attstattarget || attoptions::text")).isEqualTo("50{n_distinct=7}");
    fixture.execute(
        "COMMENT ON COLUMN t.a IS 'now'",
        "ALTER TABLE t ALTER a SET STATISTICS 70, ALTER a RESET (n_distinct), ALTER a SET (n_distinct_inherited = 3), ALTER a SET STORAGE EXTERNAL");
    looks(RENAMED);
    Fixture.await(
        () ->
            made("concat_ws(' ', col_description(attrelid, attnum), attstattarget, attoptions, attstorage)")
                .equals("now 70 {n_distinct_inherited=3} e"),
        () -> made("concat_ws(' ', attstattarget, attoptions, attstorage)"));
  }

  /** A chain that ended at the new column said nothing of where it belongs. */
  @Test
  void whatTheFirstReleaseCouldNotCopyComesWithTheTriggers() {
    fixture.execute(
        "COMMENT ON COLUMN t.a IS 'the level'", "ALTER TABLE t ALTER a SET STATISTICS 50");
    Migration.Expanded added = Migration.define("m").table("t").addColumn("b", "text");
    fixture.reach(Phase.EXPAND, added);
    assertThat(made("attstattarget > 0")).isNotEqualTo("t");
    fixture.reach(Phase.DUAL_WRITE, added.dualWrite("a", "b"));
    assertThat(made("concat_ws(' ', col_description(attrelid, attnum), attstattarget)"))
        .isEqualTo("the level 50");
  }

  /** Or a write of the old release would fail on the copy of what is not there any longer. */
  @Test
  void whatTheOldColumnLosesTheNewOneLosesToo() {
    fixture.execute(
        "ALTER TABLE t ADD UNIQUE (a, id), ADD CONSTRAINT known CHECK (a <> ''), ADD CONSTRAINT ref FOREIGN KEY (a) REFERENCES p");
    fixture.reach(Phase.SWITCH_READ, RENAMED.switchRead());
    fixture.execute(
        "ALTER TABLE t ALTER a DROP NOT NULL, ALTER a DROP DEFAULT, DROP CONSTRAINT known, DROP CONSTRAINT ref, DROP CONSTRAINT t_a_id_key");
    looks(RENAMED.switchRead());
    Fixture.await(
        () ->
            fixture
                .value(
                    "SELECT count(*) FROM pg_constraint WHERE conrelid = 't'::regclass AND contype <> 'n'")
                .equals("1"),
        () -> fixture.catalog());
    fixture.execute(
        "INSERT INTO t (id) VALUES (101)",
        "INSERT INTO t (id, a) VALUES (102, '')",
        "INSERT INTO t (id, b) VALUES (103, 'lead')");
    assertThat(List.of(row(101), row(102), row(103))).containsExactly("", "|", "lead|lead");
  }

  /** Halfway through, the copy of a constraint that is still there is none to be dropped. */
  @Test
  void anotherReleaseContinuesWithWhatWasBegun() {
    fixture.execute("ALTER TABLE t ADD CONSTRAINT known CHECK (a <> '')");
    fixture.reach(Phase.BACKFILL, RENAMED);
    fixture.execute("ALTER TABLE t ALTER a SET DEFAULT 'gold'");
    fixture.reach(Phase.SWITCH_READ, RENAMED.switchRead());
    assertThat(defaultOfB()).contains("gold");
    assertThat(
            fixture.value(
                "SELECT count(*) FROM pg_constraint WHERE conrelid = 't'::regclass AND contype = 'c'"))
        .isEqualTo("2");
    Migrator migrator = fixture.migrator(Fixture.AUTO, RENAMED.switchRead().dropColumn("a"));
    migrator.prepare();
    migrator.start();
    Fixture.awaitPhase(migrator, "m", Phase.CONTRACT);
    assertThat(fixture.catalog()).contains("known on t: CHECK ((b <> ''::text))");
  }

  @Test
  void withoutTriggersItIsCopiedToo() {
    Migration.Backfilled both =
        Migration.define("m")
            .table("t")
            .addColumn("b", "text")
            .dualWrite("a", "b", DualWrite.byApplication())
            .backfill();
    fixture.reach(Phase.BACKFILL, both);
    fixture.execute(
        "ALTER TABLE t ALTER a SET DEFAULT 'gold'", "COMMENT ON COLUMN t.a IS 'the level'");
    looks(both);
    Fixture.await(() -> defaultOfB().contains("gold"), this::defaultOfB);
    assertThat(made("col_description(attrelid, attnum)")).isEqualTo("the level");
  }

  /** Rows that were written in between are found, and not believed. */
  @Test
  void whatWasWrittenInBetweenIsReported() {
    fixture.reach(Phase.SWITCH_READ, RENAMED.switchRead());
    fixture.execute(
        "ALTER TABLE t ALTER a SET DEFAULT 'silver'", "INSERT INTO t (id, b) VALUES (101, 'gold')");
    assertThat(row(101)).as("the condition is that of the old default").isEqualTo("silver|gold");
    Migrator migrator = looks(RENAMED.switchRead());
    Fixture.awaitState(migrator, "m", State.FAILED);
    assertThat(migrator.status("m").orElseThrow().holds().get(0).message()).contains("differ");
    assertThatCode(() -> fixture.execute("INSERT INTO t (id, b) VALUES (102, 'gold')"))
        .doesNotThrowAnyException();
    assertThat(row(102)).isEqualTo("gold|gold");
  }
}
