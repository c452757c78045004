package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.OperationLife.refusal;
import static dev.migrator.internal.engine.OperationLife.refusedAtStart;
import static dev.migrator.internal.engine.OperationLife.run;
import static dev.migrator.internal.engine.OperationLife.steps;
import static dev.migrator.internal.engine.OperationLife.undo;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OnTable;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.status.MigrationStatus;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Indexes that come and go beside the running application. */
@Tag("server-version")
class IndexOperationIT {

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void table() {
    fixture.execute(
        "CREATE TABLE \"Users\" (id int PRIMARY KEY, email text, \"Created\" timestamptz, tags text[], deleted boolean)",
        "INSERT INTO \"Users\" SELECT n, 'User' || n || '@x', now(), '{a,b}', n % 10 = 0 FROM generate_series(1, 5000) n");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static OnTable users(String id) {
    return Migration.define(id).table("Users");
  }

  private String index(String name) {
    return fixture.value(
        "SELECT replace(pg_get_indexdef(indexrelid), 'public.', '') || ' ' || indisvalid FROM pg_index WHERE indexrelid = to_regclass('\"%s\"')"
            .formatted(name));
  }

  @Test
  void everyKindOfIndexIsBuiltAndUndone() {
    String before = fixture.catalog();
    Migration plain = users("plain").addIndex("By Created").on("Created", "email").include("id");
    Migration expression =
        users("expression")
            .addIndex("by_email")
            .onExpressions("lower(email) text_pattern_ops, \"Created\" DESC NULLS LAST")
            .where("NOT deleted");
    Migration unique = users("unique").addIndex("once").onExpressions("lower(email)").unique();
    Migration gin = users("gin").addIndex("by_tag").on("tags").using("gin");
    for (Migration migration : new Migration[] {plain, expression, unique, gin}) {
      run(fixture, migration);
    }
    assertThat(index("By Created"))
        .isEqualTo(
            "CREATE INDEX \"By Created\" ON \"Users\" USING btree (\"Created\", email) INCLUDE (id) true");
    assertThat(index("by_email"))
        .isEqualTo(
            "CREATE INDEX by_email ON \"Users\" USING btree (lower(email) text_pattern_ops, \"Created\" DESC NULLS LAST) WHERE (NOT deleted) true");
    assertThat(index("once"))
        .isEqualTo("CREATE UNIQUE INDEX once ON \"Users\" USING btree (lower(email)) true");
    assertThat(index("by_tag")).isEqualTo("CREATE INDEX by_tag ON \"Users\" USING gin (tags) true");
    assertThat(steps(fixture, unique)).containsExactly("count-duplicates", "build-index");

    for (Migration migration : new Migration[] {plain, expression, unique, gin}) {
      undo(fixture, migration);
    }
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  @Test
  void whatIsThereAlreadyStaysAlsoAfterAnUndo() {
    fixture.execute("CREATE INDEX mine ON \"Users\" (lower(email)) WHERE id > 7");
    String before = fixture.catalog();
    String oid = fixture.value("SELECT 'mine'::regclass::oid");
    Migration same = users("same").addIndex("mine").onExpressions("LOWER( email )").where("id>7");
    run(fixture, same);
    assertThat(fixture.value("SELECT 'mine'::regclass::oid")).isEqualTo(oid);
    undo(fixture, same);
    assertThat(fixture.catalog()).isEqualTo(before);
    assertThat(fixture.value("SELECT 'mine'::regclass::oid")).isEqualTo(oid);
  }

  @Test
  void anInvalidIndexIsBuiltAgain() {
    fixture.execute(
        "CREATE INDEX broken ON \"Users\" (email)",
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'broken'::regclass");
    run(fixture, users("m").addIndex("broken").on("email"));
    assertThat(index("broken")).endsWith("(email) true");
  }

  @Test
  void aTakenNameIsRefused() {
    fixture.execute(
        "CREATE INDEX other ON \"Users\" (email DESC)",
        "CREATE TABLE t (a int)",
        "CREATE INDEX foreign_one ON t (a)",
        "CREATE VIEW v AS SELECT 1");
    refusedAtStart(
        fixture, users("m").addIndex("other").on("email"), "another definition", "email DESC");
    refusedAtStart(fixture, users("m").addIndex("foreign_one").on("id"), "is taken");
    refusedAtStart(fixture, users("m").addIndex("v").on("id"), "is taken");
  }

  @Test
  void badInputIsRefusedAtTheStart() {
    refusedAtStart(fixture, users("m").addIndex("i").on("mail"), "no column \"mail\"", "email");
    refusedAtStart(fixture, users("m").addIndex("i").onExpressions("lower(mail)"), "mail");
    refusedAtStart(fixture, users("m").addIndex("i").onExpressions("now()"), "IMMUTABLE");
    refusedAtStart(fixture, users("m").addIndex("i").on("id").where("id ~"), "syntax");
    refusedAtStart(fixture, users("m").addIndex("i").on("id").using("nosuch"), "nosuch");
    refusedAtStart(
        fixture, users("m").addIndex("i").on("tags").using("gin").unique(), "unique indexes");
    refusedAtStart(
        fixture, Migration.define("m").table("users").addIndex("i").on("id"), "no table \"users\"");
  }

  @Test
  void duplicatesAreCountedBeforeAUniqueIndexIsBuilt() {
    fixture.execute(
        "UPDATE \"Users\" SET email = 'SECRET' WHERE id IN (1, 2, 3)",
        "UPDATE \"Users\" SET email = 'user9@x' WHERE id = 7",
        "UPDATE \"Users\" SET email = NULL WHERE id IN (20, 21)");
    Migration unique = users("m").addIndex("once").onExpressions("lower(email)").unique();
    assertThat(refusal(fixture, unique))
        .contains("2 groups of rows of public.Users", "GROUP BY lower(email)")
        .doesNotContain("SECRET");
    assertThat(index("once")).isEmpty();

    fixture.execute("UPDATE \"Users\" SET email = id::text");
    run(fixture, unique);
    assertThat(index("once")).contains("UNIQUE").endsWith("true");
  }

  /** A duplicate that is written between the count and the build must not leave half an index. */
  @Test
  void whatAFailedBuildLeavesIsRemoved() {
    Migration unique = users("m").addIndex("once").on("email").unique();
    Migrator migrator = fixture.migrator(unique);
    migrator.prepare();
    fixture.execute(
        """
        INSERT INTO migrator.step (migration_id, name, phase, position, state, definition)
        VALUES ('m', 'count-duplicates', 'BACKFILL', 0, 'DONE',
                '{"kind": "await-writers", "table": 0,
                  "info": {"name": "count-duplicates", "phase": "BACKFILL", "gate": "NONE",
                           "effect": "NONE", "repeated": false, "undo": []}}')""",
        "UPDATE \"Users\" SET email = 'same' WHERE id IN (1, 2)");
    migrator.start();
    Fixture.awaitState(migrator, "m", MigrationStatus.State.FAILED);
    assertThat(migrator.status("m").orElseThrow().holds().get(0).message()).contains("23505");
    assertThat(index("once")).isEmpty();
  }

  @Test
  void droppingWaitsForTheCommandAndCanBeUndone() {
    fixture.execute(
        "CREATE INDEX \"Old\" ON \"Users\" USING btree (lower(email) DESC) INCLUDE (id) WITH (fillfactor = 70) WHERE id > 3",
        "COMMENT ON INDEX \"Old\" IS 'it''s old'");
    String before = fixture.catalog();
    Migration drop = users("m").dropIndex("Old");
    Migrator migrator = fixture.migrator(OperationLife.KEEPING, drop);
    migrator.prepare();
    migrator.start();
    Fixture.awaitPhase(migrator, "m", Phase.SWITCH_READ);
    assertThat(migrator.status("m").orElseThrow().holds().get(0).reason())
        .hasToString("CONTRACT_NOT_APPROVED");
    assertThat(migrator.status("m").orElseThrow().holds().get(0).message())
        .contains("needs the index \"Old\"");
    assertThat(fixture.catalog()).isEqualTo(before);

    migrator.execute("m", OperatorCommand.CONTRACT);
    Fixture.awaitPhase(migrator, "m", Phase.CONTRACT);
    migrator.close();
    assertThat(index("Old")).isEmpty();
    // Where the undo was interrupted in the middle of its build.
    fixture.execute(
        "CREATE INDEX \"Old\" ON \"Users\" (id)",
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = '\"Old\"'::regclass");

    undo(fixture, drop);
    assertThat(fixture.catalog()).isEqualTo(before);
    assertThat(fixture.value("SELECT obj_description('\"Old\"'::regclass)")).isEqualTo("it's old");
  }

  @Test
  void aDroppedIndexIsForgottenAfterTheRetention() {
    fixture.execute("CREATE INDEX old ON \"Users\" (email)");
    fixture.reach(Phase.CONTRACT, users("m").dropIndex("old"));
    assertThat(index("old")).isEmpty();
    assertThat(steps(fixture, users("m").dropIndex("old"))).containsExactly("drop-index");
  }

  @Test
  void anIndexThatIsNeededIsNotDropped() {
    fixture.execute(
        "CREATE TABLE t (a int)",
        "CREATE INDEX of_t ON t (a)",
        "CREATE UNIQUE INDEX for_key ON \"Users\" (id)",
        "ALTER TABLE \"Users\" ALTER email SET NOT NULL",
        "CREATE UNIQUE INDEX identity ON \"Users\" (email)",
        "ALTER TABLE \"Users\" REPLICA IDENTITY USING INDEX identity");
    refusedAtStart(fixture, users("m").dropIndex("Users_pkey"), "backs", "Users_pkey");
    refusedAtStart(fixture, users("m").dropIndex("of_t"), "not an index of public.Users");
    refusedAtStart(fixture, users("m").dropIndex("identity"), "replica identity");
    refusedAtStart(
        fixture,
        users("m").dropIndex("nosuch"),
        "no index \"nosuch\"",
        "Users_pkey, for_key, identity");
    fixture.execute("CREATE TABLE bare (a int)");
    refusedAtStart(fixture, Migration.define("m").table("bare").dropIndex("i"), "it has none");
  }

  /** As in a database that is made anew by a release that knows the whole history. */
  @Test
  void anIndexThatAnotherMigrationAddsFirstIsThereToBeDropped() {
    Migration add = users("add").addIndex("for_a_while").on("email");
    Migration drop = users("drop").dropIndex("for_a_while");
    Migrator migrator =
        fixture.migrator(
            OperationLife.KEEPING.toBuilder().contract(it -> it.approved(Set.of("drop"))).build(),
            add,
            drop);
    migrator.prepare();
    migrator.start();
    Fixture.awaitPhase(migrator, "drop", Phase.CONTRACT);
    assertThat(index("for_a_while")).isEmpty();
    assertThat(migrator.status("drop").orElseThrow().holds().get(0).message())
        .as("nothing is retired")
        .startsWith("it can be undone until");
  }
}
