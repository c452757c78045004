package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OnDelete;
import dev.migrator.Phase;
import dev.migrator.status.MigrationStatus;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/**
 * PEERS 9.17: every example of an operation in docs/operations is here, to the letter, and runs.
 */
class OperationDocumentationIT {

  private static final Path ROOT = Path.of(System.getProperty("user.dir")).getParent();

  private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  private static final Pattern NAME = Pattern.compile("Migration (\\w+)\\(\\)");

  Migration usersByName() {
    return Migration.define("2026-11-23-users-by-name")
        .table("users")
        .addIndex("users_by_name")
        .on("name", "created_at");
  }

  Migration usersByEmail() {
    return Migration.define("2026-11-23-users-by-email")
        .table("users")
        .addIndex("users_by_email")
        .onExpressions("lower(email) text_pattern_ops, created_at DESC")
        .where("NOT deleted");
  }

  Migration withoutUsersByLogin() {
    return Migration.define("2026-11-23-without-users-by-login")
        .table("users")
        .dropIndex("users_by_login");
  }

  Migration invoices() {
    return Migration.define("2026-11-26-invoices")
        .createTable("invoice")
        .column("id", "bigint")
        .identity()
        .column("order_id", "int")
        .notNull()
        .column("number", "text")
        .notNull()
        .comment("as it is printed")
        .column("state", "text")
        .notNull()
        .defaultTo("'open'")
        .column("created_at", "timestamptz")
        .notNull()
        .defaultTo("now()")
        .primaryKey("id")
        .unique("invoice_number", "number")
        .check("invoice_state", "state IN ('open', 'paid')")
        .foreignKey("invoice_order", "order_id")
        .references("orders", "id")
        .tableComment("one for each order");
  }

  Migration withoutBaskets() {
    return Migration.define("2026-11-26-without-baskets").table("basket").dropTable();
  }

  Migration usersName() {
    return Migration.define("2026-11-23-users-name").table("users").setNotNull("name");
  }

  Migration usersEmail() {
    return Migration.define("2026-11-23-users-email")
        .table("users")
        .setNotNull("email")
        .fillNullsWith("name || '@unknown'"); // ends here: this release may still write NULL
  }

  Migration usersEmailForGood() {
    return Migration.define("2026-11-23-users-email")
        .table("users")
        .setNotNull("email")
        .fillNullsWith("name || '@unknown'")
        .stopFilling();
  }

  Migration price() {
    return Migration.define("2026-11-23-price")
        .table("product")
        .addCheck("price_not_negative", "price >= 0");
  }

  Migration orderProduct() {
    return Migration.define("2026-11-23-order-product")
        .table("orders")
        .addForeignKey("orders_product", "product_id")
        .references("product", "id")
        .onDelete(OnDelete.CASCADE);
  }

  Migration productCode() {
    return Migration.define("2026-11-23-product-code")
        .table("product")
        .addUnique("product_code", "shop", "code");
  }

  Migration ordersComment() {
    return Migration.define("2026-11-26-orders-comment")
        .table("orders")
        .comment("What customers ordered, also what was cancelled.");
  }

  Migration ordersDayComment() {
    return Migration.define("2026-11-26-orders-day-comment")
        .table("orders")
        .comment("day", "In the time zone of the shop.");
  }

  Migration ordersAnyShop() {
    return Migration.define("2026-11-26-orders-any-shop").table("orders").dropCheck("orders_shop");
  }

  Migration ordersNumber() {
    return Migration.define("2026-11-26-orders-number")
        .table("orders")
        .dropConstraint("orders_number");
  }

  Migration ordersWithoutDefault() {
    return Migration.define("2026-11-26-orders-without-default")
        .table("orders")
        .dropDefault("shop");
  }

  Migration ordersShop() {
    return Migration.define("2026-11-26-orders-shop").table("orders").dropNotNull("shop");
  }

  Migration ordersShopName() {
    return Migration.define("2026-11-26-orders-amount-name")
        .table("orders")
        .renameConstraint("orders_amount", "orders_amount_positive");
  }

  Migration ordersKeyName() {
    return Migration.define("2026-11-26-orders-key-name")
        .table("orders")
        .renameConstraint("orders_code", "orders_code_once")
        .inContract();
  }

  Migration ordersIndexName() {
    return Migration.define("2026-11-26-orders-index-name")
        .table("orders")
        .renameIndex("orders_by_day", "orders_by_date");
  }

  Migration ordersState() {
    return Migration.define("2026-11-26-orders-state")
        .table("orders")
        .setDefault("state", "'open'");
  }

  Migration openOrders() {
    return Migration.define("2026-11-26-open-orders")
        .sql("CREATE VIEW open_orders AS SELECT id FROM orders WHERE state = 'open'")
        .undo("DROP VIEW open_orders");
  }

  Migration withoutOldOrders() {
    return Migration.define("2026-11-26-without-old-orders")
        .sql("DROP VIEW old_orders") // an older release may still read it
        .inContract()
        .undo("CREATE VIEW old_orders AS SELECT id FROM orders");
  }

  Migration ordersStatus() {
    return Migration.define("2026-11-26-orders-status")
        .table("orders")
        .addColumn("status", "text", it -> it.defaultValue("'open'").notNull().comment("state"));
  }

  Migration ordersKey() {
    return Migration.define("2026-11-26-orders-key")
        .table("orders")
        .addColumn("key", "uuid", it -> it.defaultValue("gen_random_uuid()").notNull());
  }

  Migration usersWithoutFax() {
    return Migration.define("2026-11-26-users-without-fax").table("users").dropColumn("fax");
  }

  Migration productName() {
    return Migration.define("2026-11-26-product-name").table("product").changeType("name", "text");
  }

  @Test
  void theExamplesAreTheseAndRun() throws Exception {
    String source =
        squeezed(
            Files.readString(
                Path.of(
                    "src/test/java/dev/migrator/internal/engine/OperationDocumentationIT.java")));
    List<Migration> migrations = new ArrayList<>();
    for (String example : examples()) {
      assertThat(source).contains(squeezed(example));
      if (!isOfFiles(example)) {
        migrations.add(migration(example));
      }
    }
    assertThat(migrations).hasSize(27);
    try (Fixture fixture = new Fixture()) {
      tables(fixture);
      List<Migration> finished = new ArrayList<>();
      for (Migration migration : migrations) {
        // Two of the examples are two releases of one change.
        List<Migration> beside =
            finished.stream().filter(it -> !it.id().equals(migration.id())).toList();
        fixture.reach(migration.declares(), migration, beside.toArray(Migration[]::new));
        if (migration.declares() == Phase.CONTRACT) {
          finished.add(Migration.completed(migration.id()));
        }
        assertThat(fixture.migrator(migration).status(migration.id()).orElseThrow().state())
            .isIn(MigrationStatus.State.REACHED, MigrationStatus.State.COMPLETED);
      }
      assertThat(fixture.catalog())
          .contains(
              "users_by_name",
              "users_by_email",
              "users.name text not null",
              "users.email text not null",
              "price_not_negative",
              "orders_product",
              "product_code",
              "orders.status text not null",
              "orders.key uuid not null",
              "product.name text",
              "invoice_number")
          .doesNotContain("users_by_login", "users.fax", "basket", "migrator");
    }
  }

  /** PEERS 9.17: also back. */
  @Test
  void theExamplesCanBeUndone() throws Exception {
    for (String example : examples()) {
      if (isOfFiles(example)) {
        continue;
      }
      Migration migration = migration(example);
      try (Fixture fixture = new Fixture()) {
        tables(fixture);
        String before = fixture.catalog();
        OperationLife.run(fixture, migration);
        if (!example.contains("orders-comment")) { // of which the text knows nothing
          assertThat(fixture.catalog()).as(example).isNotEqualTo(before);
        }
        OperationLife.undo(fixture, migration);
        assertThat(fixture.catalog()).as(example).isEqualTo(before);
      }
    }
  }

  /** That of SQL files, which have tests of their own, declares no migration. */
  private static boolean isOfFiles(String example) {
    return example.contains("sqlFiles(");
  }

  static Migrator files(DataSource dataSource) {
    Migrator migrator = Migrator.builder(dataSource).sqlFiles("classpath:db/migrator/").build();
    return migrator;
  }

  private static void tables(Fixture fixture) {
    fixture.execute(
        "CREATE TABLE users (id int PRIMARY KEY, name text, login text, email text, created_at date, deleted boolean, fax text)",
        "CREATE INDEX users_by_login ON users (login)",
        "INSERT INTO users SELECT n, 'n' || n, 'l' || n, CASE WHEN n % 2 > 0 THEN 'e' || n END FROM generate_series(1, 100) n",
        "CREATE TABLE product (id int PRIMARY KEY, shop int, code text, price numeric, name varchar(20))",
        "INSERT INTO product SELECT n, 1, 'c' || n, n FROM generate_series(1, 100) n",
        "CREATE TABLE basket (id int PRIMARY KEY, user_id int REFERENCES users)",
        "INSERT INTO basket VALUES (1)",
        "CREATE TABLE orders (id int PRIMARY KEY, product_id int, state text, shop int NOT NULL DEFAULT 1 CONSTRAINT orders_shop CHECK (shop > 0),"
            + " number int CONSTRAINT orders_number UNIQUE, code text CONSTRAINT orders_code UNIQUE, amount int CONSTRAINT orders_amount CHECK (amount > 0), day date)",
        "CREATE INDEX orders_by_day ON orders (day)",
        "CREATE VIEW old_orders AS SELECT id FROM orders",
        "INSERT INTO orders SELECT n, n FROM generate_series(1, 100) n");
  }

  private Migration migration(String example) throws ReflectiveOperationException {
    Matcher name = NAME.matcher(example);
    assertThat(name.find()).as(example).isTrue();
    Method method = getClass().getDeclaredMethod(name.group(1));
    try {
      return (Migration) method.invoke(this);
    } catch (InvocationTargetException ex) {
      throw new AssertionError(ex.getCause());
    }
  }

  private static List<String> examples() throws IOException {
    List<String> examples = new ArrayList<>();
    for (Path page : pages()) {
      Matcher matcher = EXAMPLE.matcher(Files.readString(page));
      while (matcher.find()) {
        examples.add(matcher.group(1));
      }
    }
    return examples;
  }

  /** Column changes have tests of their own: {@link ExampleIT}. */
  private static List<Path> pages() throws IOException {
    try (Stream<Path> pages = Files.list(ROOT.resolve("docs/operations"))) {
      return pages.filter(it -> !it.endsWith("column-change.md")).sorted().toList();
    }
  }

  private static String squeezed(String code) {
    return code.replaceAll("\\s+", "");
  }
}
