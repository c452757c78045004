package dev.migrator.internal.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.MappedColumn;
import dev.migrator.Phase;
import dev.migrator.internal.Timings;
import dev.migrator.internal.journal.Installation;
import dev.migrator.internal.plan.Member;
import dev.migrator.internal.plan.Member.Declared;
import dev.migrator.internal.plan.Member.Reads;
import dev.migrator.internal.sql.Database;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an instance says of itself is what the others read, whatever stands in it. */
class RegisteredAsIT {

  /** Each means something to an array, to JSON, to the driver, or to who looks for parameters. */
  private static final List<String> TEXTS =
      List.of(
          "plain",
          "\"quoted\"",
          "it's",
          "back\\slash\\",
          "{brace,comma}",
          "NULL",
          "null",
          " space ",
          "line\nfeed\ttab",
          "question?",
          ":name ::text ${placeholder}",
          "-- comment /* and */ more;",
          "$$dollar$$",
          "\u00e9\u4e2d\ud83d\ude80",
          "long".repeat(5000));

  private final TestDatabase testDatabase = TestPostgres.newDatabase();

  @AfterEach
  void close() {
    testDatabase.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "preferQueryMode=simple",
        "prepareThreshold=1",
        "prepareThreshold=0&stringtype=unspecified&binaryTransfer=false",
        "options=-c%20standard_conforming_strings=off%20-c%20backslash_quote=on",
        "auto-commit off"
      })
  void allOfIt(String options) {
    try (HikariDataSource pool = pool(options)) {
      Database database = new Database(pool);
      Installation.ensure(database);
      Registry registry = new Registry(database, Duration.ofMinutes(10), Timings.defaults());
      InstanceInfo self =
          new InstanceInfo(
              UUID.randomUUID(),
              "one",
              false,
              "application",
              "1",
              declared("bean "),
              DeclaredFiles.of(declared("file ")),
              false);
      register(registry, self, null);
      assertThat(member(registry).mapped()).isNull();
      Map<String, Declared> all = declared("bean ");
      all.putAll(declared("file "));
      assertThat(member(registry).declares()).isEqualTo(all);

      List<MappedColumn> columns =
          TEXTS.stream().map(it -> new MappedColumn(it, it + "!", "in " + it)).toList();
      registry.mapped(self, columns, List.of());
      assertThat(member(registry).mapped()).isEqualTo(columns);
      register(registry, self, List.of());
      assertThat(member(registry).mapped()).isEmpty();
      register(registry, self, columns);
      assertThat(member(registry).mapped()).isEqualTo(columns);

      Map<String, Reads> reads = new HashMap<>();
      TEXTS.forEach(it -> reads.put(it, it.length() % 2 == 0 ? Reads.BOTH : Reads.NEW));
      registry.reads(self, reads);
      assertThat(member(registry).reads()).isEqualTo(reads);
      registry.reads(self, Map.of());
      assertThat(member(registry).reads()).isEmpty();
      for (String id : TEXTS) {
        database.write(
            () ->
                database
                    .jdbc()
                    .sql(
                        "INSERT INTO migrator.migration (id, table_name, operations, begun, phase) VALUES (?, 't', '[]', 'SWITCH_READ', 'SWITCH_READ')")
                    .param(id)
                    .update());
        assertThat(registry.switched(TEXTS)).contains(id);
        assertThat(registry.announce(self, id)).isTrue();
      }
      assertThat(member(registry).reads()).hasSameSizeAs(TEXTS).containsKeys(TEXTS.get(3));
      registry.declares(self.waiting());
      assertThat(member(registry).declares().get("bean it's").waits()).isTrue();
      assertThat(member(registry).declares().get("file it's").waits()).isFalse();
    }
  }

  private HikariDataSource pool(String options) {
    HikariDataSource pool = new HikariDataSource();
    String url = testDatabase.jdbcUrl();
    boolean off = options.equals("auto-commit off");
    pool.setAutoCommit(!off);
    pool.setJdbcUrl(off ? url : url + (url.contains("?") ? "&" : "?") + options);
    pool.setUsername(testDatabase.username());
    pool.setPassword(testDatabase.password());
    pool.setMaximumPoolSize(1);
    return pool;
  }

  private static Map<String, Declared> declared(String kind) {
    Map<String, Declared> declared = new HashMap<>();
    for (String text : TEXTS) {
      int number = declared.size();
      declared.put(
          kind + text,
          new Declared(
              Phase.values()[number % 5], number % 2 == 0, number % 3 == 0, number > 7, false));
    }
    return declared;
  }

  private static void register(
      Registry registry, InstanceInfo self, @Nullable List<MappedColumn> mapped) {
    registry.register(self, Duration.ofSeconds(5), mapped, List.of("session"), null);
  }

  private static Member member(Registry registry) {
    return registry.read(Duration.ZERO).members().get(0);
  }
}
