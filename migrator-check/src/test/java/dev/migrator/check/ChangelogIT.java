package dev.migrator.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changelogs of all forms, read by Liquibase and tried on a server. */
class ChangelogIT {

  private static final String HEAD =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog"
          xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
          xmlns:migrator="http://migrator.dev/xml/ns/changes"
          xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog
              http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-latest.xsd">
      """;

  private static final String SHOP =
      """
      <changeSet id="1" author="anna">
        <createTable tableName="orders">
          <column name="id" type="bigint"><constraints primaryKey="true"/></column>
          <column name="a" type="int"/>
          <column name="b" type="varchar(10)"/>
        </createTable>
        <createTable tableName="lines">
          <column name="id" type="bigint"><constraints primaryKey="true"/></column>
          <column name="order_id" type="bigint">
            <constraints foreignKeyName="of_order" references="orders(id)"/>
          </column>
        </createTable>
      </changeSet>
      """;

  @TempDir private Path folder;

  private void file(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private LiquibaseChangelog xml(String changeSets) throws IOException {
    file("db/main.xml", HEAD + SHOP + changeSets + "</databaseChangeLog>");
    return LiquibaseChangelog.of(folder, "db/main.xml");
  }

  private SqlCheck check(LiquibaseChangelog changelog) {
    return SqlCheck.changelog(changelog).root(folder);
  }

  private CheckReport checked(String changeSets) throws IOException {
    return check(xml(changeSets)).run();
  }

  private static List<String> places(CheckReport report) {
    return report.findings().stream()
        .map(it -> "%s:%d %s %s".formatted(it.file(), it.line(), it.changeSet(), it.rule().id()))
        .toList();
  }

  @Test
  void findingsNameFileLineAndChangeSet() throws IOException {
    CheckReport report =
        checked(
            """
            <changeSet id="2" author="anna">
              <modifyDataType tableName="orders" columnName="a" newDataType="bigint"/>
            </changeSet>
            <changeSet id="3" author="bert"><dropColumn tableName="orders" columnName="b"/></changeSet>
            """);
    assertThat(places(report))
        .containsExactly(
            "db/main.xml:20 2 by anna table-rewrite",
            "db/main.xml:20 2 by anna type-changed",
            "db/main.xml:23 3 by bert column-removed");
    assertThat(report.toText())
        .contains(
            "db/main.xml:20:1: error [table-rewrite] change set 2 by anna: ALTER TABLE … SET TYPE: all rows of public.orders are written anew under ACCESS EXCLUSIVE")
        .contains("(measured)")
        .contains("1 files, 4 statements, tried on PostgreSQL");
    assertThat(ReportFormat.JSON.write(report)).contains("\"changeSet\":\"2 by anna\"");
  }

  @Test
  void allFormsAreReadInTheirOrder() throws IOException {
    file(
        "db/b.yaml",
        """
        databaseChangeLog:
          - changeSet:
              id: y1
              author: bert
              changes:
                - addColumn:
                    tableName: orders
                    columns:
                      - column: {name: n, type: int, valueNumeric: 5}
        """);
    file(
        "db/c.json",
        """
        {"databaseChangeLog": [
          {"changeSet": {"id": "j1", "author": "carl", "changes": [
            {"createIndex": {"indexName": "of_n", "tableName": "orders", "columns": [{"column": {"name": "n"}}]}}
          ]}}
        ]}
        """);
    file(
        "db/d.sql",
        """
        --liquibase formatted sql

        --changeset dora:s1
        CREATE TABLE notes (id bigint);
        CREATE INDEX of_a
          ON orders (a);
        --rollback DROP INDEX of_a
        """);
    CheckReport report =
        checked(
            """
            <include file="b.yaml" relativeToChangelogFile="true"/>
            <include file="db/c.json"/>
            <include file="d.sql" relativeToChangelogFile="true"/>
            """);
    assertThat(places(report))
        .containsExactly(
            "db/b.yaml:2 y1 by bert unbatched-dml",
            "db/b.yaml:2 y1 by bert scan-under-exclusive",
            "db/b.yaml:2 y1 by bert lock-queue",
            "db/c.json:2 j1 by carl index-build-blocking",
            "db/d.sql:5 s1 by dora index-build-blocking");
    assertThat(report.files()).isEqualTo(4);
  }

  @Test
  void whatLiquibaseRunsInOneTransactionIsTakenForOne() throws IOException {
    CheckReport report =
        checked(
            """
            <changeSet id="2" author="anna">
              <sql>CREATE INDEX CONCURRENTLY i ON orders (a)</sql>
            </changeSet>
            <changeSet id="3" author="anna" runInTransaction="false">
              <sql>CREATE INDEX CONCURRENTLY j ON orders (b)</sql>
            </changeSet>
            <changeSet id="4" author="anna">
              <sql>ALTER TABLE orders ADD CONSTRAINT c CHECK (a > 0) NOT VALID</sql>
              <sql>ALTER TABLE orders VALIDATE CONSTRAINT c</sql>
            </changeSet>
            <changeSet id="5" author="anna" runInTransaction="false">
              <sql>ALTER TABLE orders ADD CONSTRAINT d CHECK (a > 0) NOT VALID</sql>
              <sql>ALTER TABLE orders VALIDATE CONSTRAINT d</sql>
            </changeSet>
            """);
    assertThat(places(report))
        .containsExactly(
            "db/main.xml:21 2 by anna will-fail",
            "db/main.xml:27 4 by anna constraint-added",
            "db/main.xml:28 4 by anna scan-under-exclusive",
            "db/main.xml:31 5 by anna constraint-added");
    assertThat(report.findings().get(0).safe().get(0)).contains("runInTransaction=\"false\"");
  }

  @Test
  void contextsAndLabelsChoose() throws IOException {
    LiquibaseChangelog changelog =
        xml(
            """
            <changeSet id="2" author="anna" contextFilter="test"><dropColumn tableName="orders" columnName="a"/></changeSet>
            <changeSet id="3" author="anna" labels="later"><dropColumn tableName="orders" columnName="b"/></changeSet>
            <changeSet id="4" author="anna" dbms="oracle"><sql>DROP SEQUENCE of_oracle</sql></changeSet>
            <changeSet id="5" author="anna" ignore="true"><dropTable tableName="lines"/></changeSet>
            """);
    assertThat(check(changelog).run().looked()).hasSize(4);
    CheckReport chosen = check(changelog.contexts("production").labels("!later")).run();
    assertThat(chosen.findings()).isEmpty();
    assertThat(chosen.looked()).hasSize(2);
    assertThat(places(check(changelog.contexts("test").labels("later")).run()))
        .containsExactly(
            "db/main.xml:20 2 by anna column-removed", "db/main.xml:21 3 by anna column-removed");
  }

  @Test
  void whatCannotBeTurnedIntoSqlIsSaid() throws IOException {
    file("db/rows.csv", "id,a\n1,2\n");
    CheckReport report =
        checked(
            """
            <changeSet id="2" author="anna"><loadData tableName="orders" file="db/rows.csv"/></changeSet>
            <changeSet id="3" author="anna"><executeCommand executable="touch"><arg value="never"/></executeCommand></changeSet>
            <changeSet id="4" author="anna"><customChange class="dev.migrator.check.NeverRunChange"/></changeSet>
            <changeSet id="5" author="anna"><stop>not yet</stop></changeSet>
            <changeSet id="6" author="anna"><tagDatabase tag="v1"/></changeSet>
            """);
    assertThat(places(report))
        .containsExactly(
            "db/main.xml:21 3 by anna not-understood",
            "db/main.xml:22 4 by anna not-understood",
            "db/main.xml:23 5 by anna will-fail");
    assertThat(report.notes())
        .containsExactly(
            "db/main.xml, change set 2 by anna: loadData brings rows, and was not run");
    assertThat(report.findings().get(1).message()).contains("dev.migrator.check.NeverRunChange");
    assertThat(NeverRunChange.ran).isFalse();
  }

  /** In XML Liquibase would take it for its own renameColumn, in YAML it would read nothing. */
  @Test
  void changesOfTheMigratorAreNotUnderstoodAndTheCheckGoesOn() throws IOException {
    file(
        "db/b.yaml",
        """
        databaseChangeLog:
          - changeSet:
              id: y1
              author: bert
              changes:
                - migrator:renameColumn: {table: orders, from: b, to: d}
          - changeSet:
              id: y2
              author: bert
              changes:
                - dropColumn: {tableName: orders, columnName: a}
        """);
    CheckReport report =
        checked(
            """
            <changeSet id="2" author="anna"><migrator:renameColumn tableName="orders" oldColumnName="b" newColumnName="c"/></changeSet>
            <changeSet id="3" author="anna"><sql>ALTER TABLE orders ALTER c SET DEFAULT 'x'</sql></changeSet>
            <include file="b.yaml" relativeToChangelogFile="true"/>
            """);
    assertThat(places(report))
        .containsExactly(
            "db/main.xml:20 2 by anna not-understood",
            "db/main.xml:21 3 by anna not-understood",
            "db/b.yaml:2 y1 by bert not-understood",
            "db/b.yaml:7 y2 by bert column-removed");
    assertThat(report.findings().get(0).message()).contains("migrator:renameColumn");
    assertThat(report.findings().get(2).message()).contains("migrator:renameColumn");
  }

  @Test
  void preconditionsAreThoseOfTheServerThatTries() throws IOException {
    CheckReport report =
        checked(
            """
            <changeSet id="2" author="anna">
              <preConditions onFail="MARK_RAN"><not><tableExists tableName="orders"/></not></preConditions>
              <dropTable tableName="orders"/>
            </changeSet>
            <changeSet id="3" author="anna">
              <preConditions onFail="MARK_RAN"><columnExists tableName="orders" columnName="a"/></preConditions>
              <dropColumn tableName="orders" columnName="a"/>
            </changeSet>
            <changeSet id="4" author="anna">
              <preConditions onFail="CONTINUE">
                <customPrecondition className="dev.migrator.autoconfigure.liquibase.MigrationPhasePrecondition">
                  <param name="migration" value="2026-11-22-orders"/>
                </customPrecondition>
              </preConditions>
              <dropColumn tableName="orders" columnName="b"/>
            </changeSet>
            """);
    assertThat(places(report)).containsExactly("db/main.xml:24 3 by anna column-removed");
    assertThat(report.notes())
        .containsExactly(
            "db/main.xml, change set 2 by anna: not tried, as its precondition does not hold here");
  }

  @Test
  void whatDependsOnTheCatalogIsMadeThere() throws IOException {
    String changeSets =
        """
        <changeSet id="2" author="anna"><dropAllForeignKeyConstraints baseTableName="lines"/></changeSet>
        """;
    CheckReport tried = checked(changeSets);
    assertThat(tried.looked())
        .filteredOn(it -> it.line() == 20)
        .extracting(CheckedStatement::statement)
        .containsExactly("ALTER TABLE … DROP CONSTRAINT");
    assertThat(places(check(xml(changeSets)).reading().run()))
        .containsExactly("db/main.xml:20 2 by anna not-understood");
  }

  @Test
  void theFirstThatIsJudgedIsNamedByItsId() throws IOException {
    file(
        "db/b.yaml",
        "databaseChangeLog:\n- changeSet: {id: 2, author: bert, changes: [dropColumn: {tableName: orders, columnName: b}]}\n");
    LiquibaseChangelog changelog =
        xml(
            """
            <changeSet id="2" author="anna"><dropColumn tableName="orders" columnName="a"/></changeSet>
            <include file="db/b.yaml"/>
            """);
    for (String from : List.of("2::bert", "db/b.yaml::2::bert")) {
      assertThat(places(check(changelog).from(from).run()))
          .containsExactly("db/b.yaml:2 2 by bert column-removed");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> check(changelog).from("2").run())
        .withMessageContaining("several change sets have the id 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> check(changelog).from("9").run())
        .withMessageContaining("no change set has the id");
  }

  @Test
  void aCommentAllowsAndSaysNothingElse() throws IOException {
    CheckReport report =
        checked(
            """
            <changeSet id="2" author="anna">
              <comment>
                Nobody reads it.
                migrator: allow column-removed "nobody reads it" until 2999-12-31
              </comment>
              <dropColumn tableName="orders" columnName="a"/>
            </changeSet>
            <changeSet id="3" author="anna">
              <comment>migrator: contract</comment>
              <dropColumn tableName="orders" columnName="b"/>
            </changeSet>
            """);
    assertThat(report.findings().get(0).allowed()).isEqualTo("nobody reads it");
    assertThat(places(report))
        .containsExactly(
            "db/main.xml:20 2 by anna column-removed",
            "db/main.xml:27 3 by anna unreadable",
            "db/main.xml:27 3 by anna column-removed");
  }

  @Test
  void whatLiquibaseRefusesIsAFinding() throws IOException {
    file(
        "db/b.yaml",
        "databaseChangeLog:\n- changeSet: {id: y, author: bert, changes: [addColumn: {columns: [{column: {name: n, type: int}}]}]}\n");
    CheckReport report = checked("<include file=\"db/b.yaml\"/>");
    assertThat(places(report)).containsExactly("db/b.yaml:2 y by bert will-fail");
    assertThat(report.findings().get(0).message()).contains("tableName is required");
  }

  @Test
  void parametersAndModifiedSqlAreThoseOfLiquibase() throws IOException {
    LiquibaseChangelog changelog =
        xml(
            """
            <changeSet id="2" author="anna">
              <sql>ALTER TABLE ${table} ADD c int</sql>
              <modifySql dbms="postgresql"><append value=" DEFAULT random()"/></modifySql>
            </changeSet>
            """);
    assertThat(places(check(changelog.parameter("table", "orders")).run()))
        .containsExactly("db/main.xml:20 2 by anna table-rewrite");
  }

  @Test
  void whatLiquibaseCannotReadIsRefused() throws IOException {
    LiquibaseChangelog changelog = xml("<changeSet id=\"2\" author=\"anna\">");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> check(changelog).run())
        .withMessageContaining("Liquibase cannot read the changelog")
        .withMessageContaining("db/main.xml");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> check(LiquibaseChangelog.of(folder, "db/none.xml")).run())
        .withMessageContaining("db/none.xml");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> check(LiquibaseChangelog.of(folder.resolve("none"), "db/main.xml")).run())
        .withMessageContaining("none");
  }
}
