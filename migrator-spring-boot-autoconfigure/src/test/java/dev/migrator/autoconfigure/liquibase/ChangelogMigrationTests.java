package dev.migrator.autoconfigure.liquibase;

import static dev.migrator.DualWrite.byApplication;
import static dev.migrator.ReadTime.atRuntime;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.migrator.Migration;
import dev.migrator.OnDelete;
import dev.migrator.OnTable;
import dev.migrator.Sync;
import java.util.stream.Stream;
import liquibase.parser.core.ParsedNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/** What a changelog says is what the builder would say. */
class ChangelogMigrationTests {

  private static final String ID = "2026-11-28-change";

  private static OnTable users() {
    return Migration.define(ID).table("users");
  }

  private static Element element(String yaml) throws Exception {
    ParsedNode node = new ParsedNode(null, "migration");
    node.setValue(new Yaml().load(yaml));
    return Element.of(node);
  }

  static Stream<Arguments> changes() {
    Sync names =
        Sync.of("name")
            .with("first", "last")
            .compute("name", "first || ' ' || last")
            .compute("first", "split_part(name, ' ', 1)")
            .compute("last", "split_part(name, ' ', 2)");
    return Stream.of(
        arguments(
            "renameColumn: { table: users, from: name, to: full_name }",
            users().renameColumn("name", "full_name")),
        arguments(
            """
            ready: switch_read
            renameColumn: { schema: shop, table: users, from: name, to: full_name, reads: AT_RUNTIME, userTriggers: false }
            """,
            Migration.define(ID)
                .table("shop", "users")
                .renameColumn("name", "full_name")
                .withoutUserTriggers()
                .switchRead(atRuntime())),
        arguments(
            """
            ready: CONTRACT
            renameColumn: { table: users, from: name, to: full_name }
            """,
            users().renameColumn("name", "full_name").switchRead().dropColumn("name")),
        arguments(
            """
            ready: EXPAND
            expandContract:
              table: users
              columns:
                - newColumn: { name: full_name, type: text }
                - oldColumn: { name: name }
            """,
            users().addColumn("full_name", "text")),
        arguments(
            """
            ready: DUAL_WRITE
            expandContract:
              table: users
              dualWrite: by_application
              columns:
                - newColumn: { name: full_name, type: text }
                - oldColumn: { name: name }
            """,
            users().addColumn("full_name", "text").dualWrite("name", "full_name", byApplication())),
        arguments(
            """
            ready: CONTRACT
            expandContract:
              table: users
              columns:
                - newColumn: { name: first, type: text, compute: "split_part(name, ' ', 1)" }
                - newColumn: { name: last, type: text, compute: "split_part(name, ' ', 2)" }
                - oldColumn: { name: name, compute: "first || ' ' || last" }
            """,
            users()
                .addColumn("first", "text")
                .addColumn("last", "text")
                .dualWrite(names)
                .backfill()
                .switchRead()
                .dropColumn("name")),
        arguments("setNotNull: { table: users, column: name }", users().setNotNull("name")),
        arguments(
            "{ ready: CONTRACT, setNotNull: { table: users, column: name, fillNullsWith: \"'?'\" } }",
            users().setNotNull("name").fillNullsWith("'?'").stopFilling()),
        arguments(
            "setNotNull: { table: users, column: name, fillNullsWith: \"'?'\" }",
            users().setNotNull("name").fillNullsWith("'?'")),
        arguments(
            "changeType: { table: users, column: name, type: varchar(80) }",
            users().changeType("name", "varchar(80)")),
        arguments(
            """
            addIndex:
              table: users
              name: users_by_name
              columns: [name, id]
              unique: true
              where: NOT gone
              using: btree
              include: email
            """,
            users()
                .addIndex("users_by_name")
                .on("name", "id")
                .unique()
                .where("NOT gone")
                .using("btree")
                .include("email")),
        arguments(
            "addIndex: { table: users, name: users_by_name, expressions: lower(name) }",
            users().addIndex("users_by_name").onExpressions("lower(name)")),
        arguments(
            "addUnique: { table: users, name: users_once, columns: 'name, email' }",
            users().addUnique("users_once", "name", "email")),
        arguments(
            "addCheck: { table: users, name: users_named, expression: name <> '' }",
            users().addCheck("users_named", "name <> ''")),
        arguments(
            "addForeignKey: { table: users, name: users_team, columns: team_id, referencedTable: team, referencedColumns: id, onDelete: SET_NULL }",
            users()
                .addForeignKey("users_team", "team_id")
                .references("team", "id")
                .onDelete(OnDelete.SET_NULL)),
        arguments("dropColumn: { table: users, column: fax }", users().dropColumn("fax")),
        arguments("dropTable: { table: users }", users().dropTable()),
        arguments(
            "sql: { run: CREATE VIEW v AS SELECT 1, undo: DROP VIEW v }",
            Migration.define(ID).sql("CREATE VIEW v AS SELECT 1").undo("DROP VIEW v")),
        arguments(
            "sql: { run: ANALYZE, withoutUndo: nothing to undo, inContract: true }",
            Migration.define(ID).sql("ANALYZE").inContract().withoutUndo("nothing to undo")),
        arguments(
            """
            id: 2026-11-28-other
            after: [2026-11-01-a, 2026-11-02-b]
            inBackground: true
            operations:
              - addCheck: { table: users, name: a, expression: id > 0 }
              - addCheck: { table: users, name: b, expression: id > 1 }
            """,
            Migration.define("2026-11-28-other")
                .after("2026-11-01-a", "2026-11-02-b")
                .inBackground()
                .table("users")
                .addCheck("a", "id > 0")
                .and()
                .table("users")
                .addCheck("b", "id > 1")));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void isWhatTheBuilderSays(String yaml, Migration expected) throws Exception {
    Migration declared = ChangelogMigration.of(element(yaml), ID);
    assertThat(declared.operations()).usingRecursiveComparison().isEqualTo(expected.operations());
    assertThat(declared.id()).isEqualTo(expected.id());
    assertThat(declared.declares()).isEqualTo(expected.declares());
    assertThat(declared.after()).isEqualTo(expected.after());
    assertThat(declared.isInBackground()).isEqualTo(expected.isInBackground());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "renameColumn: { tabel: users } | <renameColumn>: \"tabel\" is unknown here; there are [from, reads",
        "renameColumns: { table: users } | <migration>: \"renameColumns\" is unknown here; there are [addCheck",
        "operations: [ { ready: EXPAND } ] | <operations>: \"ready\" is unknown here",
        "ready: BACKFILL | <migration>: \"ready\" says nothing of []",
        "inBackground: true | <migration>: it has no operation; there are renameColumn, expandContract",
        "renameColumn: { table: users, from: name } | <renameColumn>: \"to\" is missing",
        "renameColumn: { table: users, from: name, to: } | <renameColumn>: \"to\" is empty",
        "renameColumn: { table: [a, b], from: name, to: x } | \"table\" must be one value, not several",
        "renameColumn: { table: { name: a }, from: name, to: x } | \"table\" must be one value, not several",
        "renameColumn: users | <renameColumn>: the value \"users\" belongs to no attribute",
        "{ ready: 3, renameColumn: { table: u, from: a, to: b } } | \"ready\" must be one of [EXPAND, DUAL_WRITE",
        "{ ready: EXPAND, renameColumn: { table: u, from: a, to: b } } | \"ready\" cannot be EXPAND; expandContract can",
        "{ ready: BACKFILL, dropColumn: { table: u, column: a } } | \"ready\" says nothing of [dropColumn]",
        "renameColumn: { table: u, from: a, to: b, userTriggers: 1 } | \"userTriggers\" must be true or false, not \"1\"",
        "renameColumn: { table: u, from: a, to: b, reads: never } | \"reads\" must be one of [AT_START, AT_RUNTIME]",
        "expandContract: { table: u, newColumn: { name: a, type: text } } | it needs at least one \"oldColumn\"",
        "expandContract: { table: u, newColumn: { name: a, typ: text } } | <newColumn>: \"typ\" is unknown here",
        "addIndex: { table: u, name: i } | say either \"columns\" or \"expressions\"",
        "addIndex: { table: u, name: i, columns: { a: b } } | \"columns\" must be",
        "addUnique: { table: u, name: i, columns: 'a,,b' } | \"columns\" must be names",
        "addUnique: { table: u, name: i, columns: [] } | \"columns\"",
        "addUnique: { table: u, name: i, columns: [a, ~] } | \"columns\" must be names",
        "{ after: [], dropTable: { table: u } } | \"after\"",
        "sql: { run: ANALYZE } | <sql>: say either \"undo\", or why there is none",
        "{ id: a b, dropTable: { table: u } } | the id \"a b\" contains ' '",
      })
  void whatItDoesNotSayIsRefused(String yaml, String message) {
    assertThatThrownBy(() -> ChangelogMigration.of(element(yaml), ID))
        .hasMessageContaining(message);
  }

  @Test
  void aTableWithoutASchemaIsInTheDefaultOne() throws Exception {
    String key =
        "addForeignKey: { %stable: users, name: k, columns: t, %sreferencedTable: team, referencedColumns: id }";
    assertThat(ChangelogMigration.of(element(key.formatted("", "")).in("a"), ID).operations())
        .usingRecursiveComparison()
        .isEqualTo(
            ChangelogMigration.of(
                    element(key.formatted("schema: a, ", "referencedSchema: a, ")), ID)
                .operations());
    Element own = element(key.formatted("schema: b, ", "referencedSchema: c, "));
    assertThat(own.in("a")).isEqualTo(own);
  }
}
