package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.SETTINGS;
import static dev.migrator.internal.engine.OperationLife.KEEPING;
import static dev.migrator.internal.engine.OperationLife.refusedAtStart;
import static dev.migrator.internal.engine.OperationLife.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.MappedColumn;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.error.CommandRefusedException;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.error.NotReadyException;
import dev.migrator.settings.ContractMode;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.Hold.Reason;
import dev.migrator.status.MigrationStatus.State;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A table that goes, while older releases use it. */
class DropTableIT {

  private static final Migration DROP = Migration.define("m").table("orders").dropTable();

  private static final MigratorSettings AUTO =
      SETTINGS.toBuilder()
          .contract(
              it -> it.mode(ContractMode.AUTO).retention(Duration.ofHours(1)).soak(Duration.ZERO))
          .build();

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void tables() {
    fixture.execute(
        "CREATE TABLE customer (id bigint PRIMARY KEY)",
        "INSERT INTO customer SELECT n FROM generate_series(1, 10) n",
        "CREATE TABLE orders (id serial PRIMARY KEY, customer_id bigint CONSTRAINT to_customer REFERENCES customer ON DELETE CASCADE DEFERRABLE, previous int REFERENCES orders, number int GENERATED ALWAYS AS IDENTITY, state text DEFAULT 'open' CHECK (state <> ''))",
        "COMMENT ON CONSTRAINT to_customer ON orders IS 'it''s theirs'",
        "CREATE INDEX by_state ON orders (state)",
        "CREATE FUNCTION touched() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "CREATE TRIGGER touch BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touched()",
        "ALTER TABLE orders ADD CONSTRAINT unchecked FOREIGN KEY (customer_id) REFERENCES customer NOT VALID",
        "CREATE STATISTICS kept ON id, state FROM orders",
        "INSERT INTO orders (customer_id) SELECT n FROM generate_series(1, 10) n");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private Migrator operator() {
    return operator(DROP);
  }

  private Migrator operator(Migration migration) {
    Migrator operator = fixture.migrator(KEEPING, migration);
    operator.start();
    return operator;
  }

  private void undo() {
    undo(DROP);
  }

  private void undo(Migration migration) {
    Migrator operator = operator(migration);
    operator.execute("m", OperatorCommand.UNDO);
    Fixture.awaitState(operator, "m", State.HELD);
    Fixture.await(
        () -> operator.status("m").orElseThrow().phase() == Phase.SWITCH_READ,
        () -> String.valueOf(operator.status("m")));
    operator.close();
  }

  @Test
  void isRetiredUndoneAndRetiredAgain() {
    String before = fixture.catalog();
    run(fixture, DROP);
    assertThat(fixture.value("SELECT to_regclass('orders')")).isEqualTo("NULL");
    // It holds no row of another table any longer, and loses none of its own.
    fixture.execute("DELETE FROM customer WHERE id = 3", "INSERT INTO customer VALUES (3)");
    undo();
    assertThat(fixture.catalog()).isEqualTo(before);
    assertThat(
            fixture.value(
                "SELECT obj_description(oid) FROM pg_constraint WHERE conname = 'to_customer'"))
        .isEqualTo("it's theirs");
    fixture.execute("INSERT INTO orders (customer_id) VALUES (1)");
    assertThat(fixture.value("SELECT count(*) FROM orders")).isEqualTo("11");

    Migrator operator = operator();
    operator.execute("m", OperatorCommand.RESUME);
    operator.execute("m", OperatorCommand.CONTRACT);
    Fixture.awaitPhase(operator, "m", Phase.CONTRACT);
    operator.close();
    undo();
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  @Test
  void isDroppedAfterTheRetention() {
    run(fixture, DROP);
    fixture.execute("UPDATE migrator.migration SET drop_due = now()");
    Migrator without = fixture.migrator(KEEPING, Migration.completed("m"));
    without.start();
    Fixture.awaitState(without, "m", State.COMPLETED);
    assertThat(fixture.catalog())
        .doesNotContain("orders", "retired")
        .contains("customer.id")
        .contains("touched()");
    assertThat(
            fixture.value(
                "SELECT count(*) FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace"))
        .isEqualTo("0");
  }

  @Test
  void statusSaysThatTheTableIsKept() {
    run(fixture, DROP);
    assertThat(fixture.migrator(DROP).status("m").orElseThrow().holds().get(0).message())
        .contains("the retired table is kept until");
  }

  /** Rows that went from the other table meanwhile are a reason, and no row is deleted for it. */
  @Test
  void anUndoSaysWhatRefersToNothingMeanwhile() {
    run(fixture, DROP);
    fixture.execute("DELETE FROM customer WHERE id = 3");
    Migrator operator = operator();
    operator.execute("m", OperatorCommand.UNDO);
    Fixture.awaitState(operator, "m", State.FAILED);
    assertThat(operator.status("m").orElseThrow().holds().get(0).message())
        .contains("undo-validate-foreign-keys");
    assertThat(fixture.value("SELECT count(*) FROM orders")).isEqualTo("10");
    fixture.execute("INSERT INTO customer VALUES (3)");
    operator.execute("m", OperatorCommand.RETRY);
    Fixture.await(
        () -> operator.status("m").orElseThrow().phase() == Phase.SWITCH_READ,
        () -> String.valueOf(operator.status("m")));
    assertThat(
            fixture.value("SELECT convalidated FROM pg_constraint WHERE conname = 'to_customer'"))
        .isEqualTo("t");
  }

  @Test
  void waitsForTheReleaseThatUsesIt() {
    Migrator oldRelease = fixture.migrator(AUTO);
    oldRelease.prepare();
    oldRelease.start();
    Migrator newRelease = fixture.migrator(AUTO, DROP);
    newRelease.prepare();
    newRelease.start();
    Fixture.awaitState(newRelease, "m", State.HELD);
    Fixture.awaitPhase(newRelease, "m", Phase.SWITCH_READ);
    assertThat(newRelease.status("m").orElseThrow().holds())
        .anyMatch(
            it ->
                it.reason() == Reason.OLD_INSTANCES
                    && it.message().contains("uses the table \"orders\""));
    fixture.execute("INSERT INTO orders (customer_id) VALUES (1)"); // the old release
    oldRelease.close();
    Fixture.awaitPhase(newRelease, "m", Phase.CONTRACT);
    Migrator late = fixture.migrator(AUTO);
    assertThatExceptionOfType(NotReadyException.class)
        .isThrownBy(late::prepare)
        .withMessageContaining("the table \"orders\"");
  }

  @Test
  void aMappingOfAnyColumnOfItHoldsIt() {
    Migrator mapping = fixture.migrator(AUTO, DROP);
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(
            () -> mapping.mapped(List.of(new MappedColumn("orders", "whatever", "entity Order"))))
        .withMessageContainingAll("dropTable()", "\"orders\"", "entity Order");
    mapping.prepare();
    // As an instance has registered that knows it and says otherwise.
    fixture.execute(
        "UPDATE migrator.instance SET mapped = '[{\"table\": \"orders\", \"column\": \"later\", \"where\": \"entity Order\"}]'");
    Migrator newRelease = fixture.migrator(AUTO, DROP);
    newRelease.prepare();
    newRelease.start();
    Fixture.awaitPhase(newRelease, "m", Phase.SWITCH_READ);
    Fixture.await(
        () ->
            newRelease.status("m").orElseThrow().holds().stream()
                .anyMatch(
                    it -> it.reason() == Reason.MAPPED && it.message().contains("entity Order")),
        () -> String.valueOf(newRelease.status("m")));
    fixture.execute("UPDATE migrator.instance SET mapped = '[]'");
    Fixture.awaitPhase(newRelease, "m", Phase.CONTRACT);
  }

  @Test
  void whatDependsOnItIsRefusedByName() {
    fixture.execute("CREATE VIEW seen AS SELECT id FROM orders");
    refusedAtStart(fixture, DROP, "view seen");
    fixture.execute("DROP VIEW seen", "CREATE TABLE line (order_id int REFERENCES orders)");
    refusedAtStart(fixture, DROP, "constraint line_order_id_fkey on table line");
    fixture.execute("DROP TABLE line", "CREATE TABLE line (o orders)");
    refusedAtStart(fixture, DROP, "column o of table line");
    fixture.execute(
        "DROP TABLE line", "CREATE TABLE line (id int DEFAULT nextval('orders_id_seq'))");
    refusedAtStart(fixture, DROP, "default value for column id of table line");
    fixture.execute("DROP TABLE line", "CREATE PUBLICATION news FOR TABLE orders");
    refusedAtStart(fixture, DROP, "publication news");
    fixture.execute(
        "DROP PUBLICATION news",
        "ALTER TABLE customer ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY own ON customer USING (EXISTS (SELECT FROM orders))");
    refusedAtStart(fixture, DROP, "policy own on table customer");
    refusedAtStart(fixture, Migration.define("m").table("order").dropTable(), "no table");
    fixture.execute("CREATE TABLE parts (id int) PARTITION BY RANGE (id)");
    refusedAtStart(fixture, Migration.define("m").table("parts").dropTable(), "is partitioned");
  }

  /** Its name is free at once, and an undo would need it. */
  @Test
  void aNewTableMayTakeTheName() {
    run(fixture, DROP);
    Migration again = Migration.define("n").createTable("orders").column("id", "int");
    Migrator migrator = fixture.migrator(KEEPING, DROP, again);
    migrator.prepare();
    fixture.execute("INSERT INTO orders VALUES (1)");
    assertThatExceptionOfType(CommandRefusedException.class)
        .isThrownBy(() -> migrator.execute("m", OperatorCommand.UNDO))
        .withMessageContaining("\"n\"");
    migrator.close();
    fixture.execute("UPDATE migrator.migration SET drop_due = now() WHERE id = 'm'");
    Migrator later = fixture.migrator(KEEPING, DROP, again);
    later.start();
    Fixture.awaitState(later, "m", State.COMPLETED);
    assertThat(fixture.value("SELECT id FROM orders")).isEqualTo("1");
  }

  /** What is retired in the table is dropped first: its step would not find it any longer. */
  @Test
  void waitsForWhatIsRetiredInIt() {
    Migration rename =
        Migration.define("r")
            .table("orders")
            .addColumn("condition", "text")
            .dualWrite("number_text", "condition")
            .backfill()
            .switchRead()
            .dropColumn("number_text");
    fixture.execute("ALTER TABLE orders ADD COLUMN number_text text");
    run(fixture, rename);
    Migrator migrator =
        fixture.migrator(
            KEEPING.toBuilder()
                .contract(it -> it.mode(ContractMode.AUTO).soak(Duration.ZERO))
                .build(),
            Migration.completed("r"),
            DROP);
    migrator.prepare();
    migrator.start();
    Fixture.awaitState(migrator, "m", State.HELD);
    assertThat(migrator.status("m").orElseThrow().holds())
        .anyMatch(it -> it.reason() == Reason.OTHER_MIGRATION && it.message().contains("\"r\""));
    fixture.execute("UPDATE migrator.migration SET drop_due = now() WHERE id = 'r'");
    Fixture.awaitPhase(migrator, "m", Phase.CONTRACT);
    assertThat(migrator.status("r").orElseThrow().state()).isEqualTo(State.COMPLETED);
  }

  @Test
  void severalTablesGoTogetherAndComeBackTogether() {
    fixture.execute("CREATE TABLE other (id int)", "INSERT INTO other VALUES (1)");
    String before = fixture.catalog();
    Migration both =
        Migration.define("m").table("orders").dropTable().and().table("other").dropTable();
    run(fixture, both);
    assertThat(fixture.catalog()).doesNotContain("\nother.").doesNotContain("orders.id");
    undo(both);
    assertThat(fixture.catalog()).isEqualTo(before);
  }
}
