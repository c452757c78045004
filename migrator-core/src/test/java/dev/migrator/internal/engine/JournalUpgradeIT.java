package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.MigratorBuilder;
import dev.migrator.Phase;
import dev.migrator.TimedMigrators;
import dev.migrator.error.UnsupportedDatabaseException;
import dev.migrator.internal.journal.Installation;
import dev.migrator.internal.journal.Layout;
import dev.migrator.internal.sql.Database;
import dev.migrator.plan.MigrationPlan;
import dev.migrator.status.MigrationStatus;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The journal obeys the golden rule itself: the next layout beside instances that know this one.
 */
class JournalUpgradeIT {

  /** What a next version of the library could add, to every table that a change writes. */
  private static final Layout NEXT =
      Layout.CURRENT.next(
          """
          ALTER TABLE migrator.migration ADD COLUMN more text NOT NULL DEFAULT 'more';
          ALTER TABLE migrator.step ADD COLUMN more text NOT NULL DEFAULT 'more';
          ALTER TABLE migrator.instance ADD COLUMN more boolean NOT NULL DEFAULT true;
          ALTER TABLE migrator.backfill ADD COLUMN more bigint NOT NULL DEFAULT 0;
          ALTER TABLE migrator.chunk ADD COLUMN more bigint NOT NULL DEFAULT 0;
          ALTER TABLE migrator.event ADD COLUMN more jsonb NOT NULL DEFAULT '{}';
          CREATE TABLE migrator.more (id text PRIMARY KEY);
          """);

  private static final Migration.Backfilled CHANGE =
      Migration.define("m").table("t").renameColumn("a", "b");

  private final Fixture fixture = Fixture.withoutJournal();

  @BeforeEach
  void table() {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text)",
        "INSERT INTO t SELECT n, 'value ' || n FROM generate_series(1, 2000) n");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private MigratorBuilder release(String name, Migration migration) {
    return Migrator.builder(fixture.pool(4))
        .declare("bean", migration)
        .instance(name)
        .settings(Fixture.SETTINGS.toBuilder().contract(it -> it.approved(Set.of("m"))).build());
  }

  private String layout() {
    return fixture.value("SELECT obj_description('migrator.migration'::regclass, 'pg_class')");
  }

  @Test
  void instancesOfBothVersionsTakeOneChangeThroughAllItsPhases() {
    Migrator old = release("old", CHANGE.switchRead().dropColumn("a")).build();
    old.prepare();
    assertThat(layout()).isEqualTo("{\"layout\": 7}");
    Migrator next =
        TimedMigrators.with(NEXT, release("next", CHANGE.switchRead().dropColumn("a"))).build();
    next.prepare();
    assertThat(layout()).isEqualTo("{\"layout\": 8}");
    // The one that knows the layout before works on it alone, and starts anew.
    next.close();
    old.start();
    Fixture.awaitPhase(old, "m", Phase.CONTRACT);
    old.close();
    Migrator late = release("late", CHANGE.switchRead().dropColumn("a")).build();
    late.prepare();
    assertThat(late.status("m").orElseThrow().phase()).isEqualTo(Phase.CONTRACT);
    Migrator again =
        TimedMigrators.with(NEXT, release("again", CHANGE.switchRead().dropColumn("a"))).build();
    again.prepare();
    again.start();
    Fixture.awaitState(again, "m", MigrationStatus.State.COMPLETED);
    assertThat(fixture.value("SELECT count(*) FROM t WHERE b LIKE 'value %'")).isEqualTo("2000");
    late.close();
    again.close();
  }

  @Test
  void aNewDatabaseHasTheSameTablesAsAnUpgradedOne() {
    Migrator old = release("old", CHANGE).build();
    old.prepare();
    old.close();
    Migrator next = TimedMigrators.with(NEXT, release("next", CHANGE)).build();
    next.prepare();
    next.close();
    String upgraded = columns();
    fixture.execute("DROP SCHEMA migrator CASCADE", "ALTER TABLE t DROP COLUMN b");
    Migrator fresh = TimedMigrators.with(NEXT, release("fresh", CHANGE)).build();
    fresh.prepare();
    fresh.close();
    assertThat(columns()).isEqualTo(upgraded).contains("more");
  }

  private String columns() {
    return fixture.value(
        """
        SELECT string_agg(concat_ws(' ', table_name, column_name, data_type, column_default, is_nullable), E'\\n'
                          ORDER BY table_name, ordinal_position)
          FROM information_schema.columns WHERE table_schema = 'migrator'""");
  }

  /** What this version of the library itself has added. */
  @Test
  void theLayoutBeforeThisOneIsUpgraded() {
    List<Layout.Upgrade> upgrades = Layout.CURRENT.upgrades();
    Layout before =
        new Layout(Layout.CURRENT.version() - 1, upgrades.subList(0, upgrades.size() - 1));
    // No more than the tables: this version would write into what that layout has not got.
    Installation.ensure(new Database(fixture.pool(4)), before);
    assertThat(layout()).isEqualTo("{\"layout\": 6}");
    Migrator present = release("present", CHANGE).build();
    assertThat(present.plan().outcome()).isEqualTo(MigrationPlan.Outcome.REACHED);
    assertThat(layout()).as("a plan changes nothing").isEqualTo("{\"layout\": 6}");
    present.prepare();
    present.close();
    String upgraded = columns();
    fixture.execute("DROP SCHEMA migrator CASCADE", "ALTER TABLE t DROP COLUMN b");
    Migrator fresh = release("fresh", CHANGE).build();
    fresh.prepare();
    fresh.close();
    assertThat(columns()).isEqualTo(upgraded).contains("instance layout integer");
  }

  @Test
  void layoutsThatAreFurtherAwayAreRefusedByName() {
    Migrator old = release("old", CHANGE).build();
    old.prepare();
    old.close();
    Layout far = NEXT.next("CREATE TABLE migrator.even_more (id text)");
    assertThatExceptionOfType(UnsupportedDatabaseException.class)
        .isThrownBy(() -> TimedMigrators.with(far, release("far", CHANGE)).build().prepare())
        .withMessageContaining("has layout 7")
        .withMessageContaining("uses 9");
    fixture.execute("COMMENT ON TABLE migrator.migration IS '{\"layout\": 9}'");
    assertThatExceptionOfType(UnsupportedDatabaseException.class)
        .isThrownBy(() -> release("old", CHANGE).build().prepare())
        .withMessageContaining("has layout 9");
  }

  /** Who can write the journal has the rights of the role that works. */
  @Test
  void aJournalThatOthersCanWriteIsRefused() {
    Migrator migrator = release("one", CHANGE).build();
    migrator.prepare();
    migrator.close();
    String other = "other_" + fixture.database().name();
    fixture.execute("CREATE ROLE " + other);
    try {
      refusedWith("GRANT INSERT ON migrator.step TO " + other, "may INSERT the table step");
      fixture.execute("REVOKE ALL ON migrator.step FROM " + other);
      refusedWith(
          "GRANT CREATE ON SCHEMA migrator TO PUBLIC", "\"public\" may CREATE in the schema");
      fixture.execute("REVOKE CREATE ON SCHEMA migrator FROM PUBLIC");
      refusedWith("ALTER TABLE migrator.chunk OWNER TO " + other, "owns the table chunk");
    } finally {
      fixture.execute("DROP OWNED BY %s CASCADE".formatted(other), "DROP ROLE " + other);
    }
  }

  private void refusedWith(String sql, String message) {
    fixture.execute(sql);
    assertThatExceptionOfType(UnsupportedDatabaseException.class)
        .isThrownBy(() -> release("two", CHANGE).build().prepare())
        .withMessageContaining(message);
  }

  @Test
  void defaultPrivilegesGiveNothingOfTheJournalAway() {
    String other = "other_" + fixture.database().name();
    fixture.execute(
        "CREATE ROLE " + other, "ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO " + other);
    try {
      Migrator migrator = release("one", CHANGE).build();
      migrator.prepare();
      migrator.close();
      assertThat(
              fixture.value(
                  "SELECT bool_or(has_table_privilege('%s', c.oid, 'INSERT, SELECT')) FROM pg_class c WHERE relnamespace = 'migrator'::regnamespace AND relkind = 'r'"
                      .formatted(other)))
          .isEqualTo("f");
    } finally {
      fixture.execute("DROP OWNED BY %s CASCADE".formatted(other), "DROP ROLE " + other);
    }
  }
}
