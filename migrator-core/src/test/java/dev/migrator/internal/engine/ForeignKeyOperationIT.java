package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.OperationLife.refusal;
import static dev.migrator.internal.engine.OperationLife.refusedAtStart;
import static dev.migrator.internal.engine.OperationLife.run;
import static dev.migrator.internal.engine.OperationLife.steps;
import static dev.migrator.internal.engine.OperationLife.undo;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.NewForeignKey;
import dev.migrator.OnDelete;
import dev.migrator.OnTable;
import dev.migrator.Phase;
import dev.migrator.TableName;
import dev.migrator.internal.operation.foreignkey.AddForeignKeyType;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Foreign keys between two tables in use. */
@Tag("server-version")
class ForeignKeyOperationIT {

  private final Fixture fixture = new Fixture();

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  private final Logger logger = (Logger) LoggerFactory.getLogger(AddForeignKeyType.class);

  @BeforeEach
  void tables() {
    fixture.execute(
        "CREATE SCHEMA sales",
        "CREATE TABLE sales.\"Customer\" (id bigint PRIMARY KEY, region int, code varchar(9) UNIQUE, name text, UNIQUE (region, id))",
        "CREATE TABLE orders (id int PRIMARY KEY, customer_id bigint, region int, code text, small int)",
        "CREATE INDEX by_customer ON orders (customer_id, region)",
        "INSERT INTO sales.\"Customer\" SELECT n, n % 5, 'c' || n FROM generate_series(1, 300) n",
        "INSERT INTO orders SELECT n, 1 + n % 300, (1 + n % 300) % 5, 'c1', 1 FROM generate_series(1, 5000) n");
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void close() {
    logger.detachAppender(log);
    fixture.close();
  }

  private static OnTable orders() {
    return Migration.define("m").table("orders");
  }

  private static TableName customer() {
    return new TableName("sales", "Customer");
  }

  private static Migration.ForeignKeyAdded key() {
    return orders().addForeignKey("to customer", "customer_id").references(customer(), "id");
  }

  private String definition() {
    return fixture.value(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'to customer'");
  }

  @Test
  void isAddedValidatedAndUndone() {
    String before = fixture.catalog();
    Migration cascading = key().onDelete(OnDelete.CASCADE);
    run(fixture, cascading);
    assertThat(definition())
        .isEqualTo("FOREIGN KEY (customer_id) REFERENCES sales.\"Customer\"(id) ON DELETE CASCADE");
    assertThat(steps(fixture, cascading))
        .containsExactly("count-violations", "add-foreign-key", "validate-foreign-key");
    assertThat(log.list).isEmpty();
    undo(fixture, cascading);
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  @Test
  void takesSeveralColumnsInAnyOrderOfTheKey() {
    run(
        fixture,
        orders()
            .addForeignKey("to customer", "customer_id", "region")
            .references(customer(), "id", "region"));
    assertThat(definition())
        .isEqualTo("FOREIGN KEY (customer_id, region) REFERENCES sales.\"Customer\"(id, region)");
  }

  @Test
  void orphansAreCountedBeforeAnythingIsDone() {
    String before = fixture.catalog();
    fixture.execute(
        "UPDATE orders SET customer_id = 987654 WHERE id <= 2",
        "UPDATE orders SET customer_id = NULL WHERE id = 5");
    assertThat(refusal(fixture, key()))
        .contains("2 rows of public.orders refer to nothing in sales.Customer", "NOT EXISTS")
        .doesNotContain("987654");
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  @Test
  void aMissingIndexOfTheReferringColumnsIsWarnedOf() {
    run(fixture, orders().addForeignKey("to customer", "code").references(customer(), "code"));
    assertThat(log.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .anyMatch(it -> it.contains("no index of public.orders begins with [code]"));
  }

  @Test
  void badInputIsRefusedAtTheStart() {
    fixture.execute(
        "ALTER TABLE orders ADD CONSTRAINT taken FOREIGN KEY (customer_id) REFERENCES sales.\"Customer\" ON DELETE CASCADE",
        "CREATE UNIQUE INDEX partial ON sales.\"Customer\" (name) WHERE id > 7");
    NewForeignKey code = orders().addForeignKey("k", "code");
    NewForeignKey small = orders().addForeignKey("k", "small");
    refusedAtStart(fixture, small.references(customer(), "id"), "integer", "bigint", "same type");
    refusedAtStart(fixture, code.references(customer(), "name"), "no unique key on [name]");
    refusedAtStart(fixture, code.references(customer(), "nam"), "no column \"nam\"");
    refusedAtStart(fixture, code.references("Customer", "id"), "no table \"Customer\"");
    refusedAtStart(
        fixture,
        orders().addForeignKey("k", "cod").references(customer(), "code"),
        "no column \"cod\"");
    refusedAtStart(
        fixture,
        orders().addForeignKey("taken", "customer_id").references(customer(), "id"),
        "another definition",
        "CASCADE");
    // The same is there already.
    run(
        fixture,
        orders()
            .addForeignKey("taken", "customer_id")
            .references(customer(), "id")
            .onDelete(OnDelete.CASCADE));
  }

  @Test
  void waitsForTheUniqueKeyThatAnotherMigrationAdds() {
    fixture.execute("UPDATE sales.\"Customer\" SET name = 'c' || id");
    Migration unique =
        Migration.define("u").table("sales", "Customer").addUnique("name_once", "name");
    Migration key = orders().addForeignKey("to customer", "code").references(customer(), "name");
    Migrator migrator = fixture.migrator(unique, key);
    migrator.prepare();
    migrator.start();
    Fixture.awaitPhase(migrator, "m", Phase.BACKFILL);
    assertThat(definition()).contains("(name)");
  }

  /** The budget is one for both tables: who waits for us must not wait twice as long. */
  @Test
  void bothTablesShareOneBudget() {
    Duration budget = Duration.ofSeconds(1);
    Duration spent = Duration.ofMillis(300);
    AtomicReference<String> left = new AtomicReference<>();
    DataSource second =
        new HookedDataSource(
            fixture.dataSource(),
            "LOCK TABLE \"public\".\"orders\" IN SHARE ROW",
            connection -> left.set(limit(connection)));
    DataSource first =
        new HookedDataSource(
            second, "LOCK TABLE \"sales\".\"Customer\" IN SHARE ROW", () -> spend(spent));
    Migrator migrator =
        fixture.migrator(
            first, Fixture.SETTINGS.toBuilder().lock(it -> it.budget(budget)).build(), key());
    migrator.prepare();
    migrator.start();
    Fixture.awaitPhase(migrator, "m", Phase.BACKFILL);
    assertThat(Long.parseLong(left.get())).isBetween(1L, budget.minus(spent).toMillis());
  }

  private static String limit(Connection connection) {
    try (Statement statement = connection.createStatement();
        ResultSet limit =
            statement.executeQuery("SELECT setting FROM pg_settings WHERE name = 'lock_timeout'")) {
      limit.next();
      return limit.getString(1);
    } catch (SQLException ex) {
      throw new IllegalStateException(ex);
    }
  }

  private static void spend(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }
}
