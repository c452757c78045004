package dev.migrator.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Queries that are planned once give the answers that they would give otherwise. */
@Tag("server-version")
class PlannedQueriesIT {

  private final TestDatabase server = TestPostgres.newDatabase();

  private final SingleConnectionDataSource session =
      new SingleConnectionDataSource(server.jdbcUrl(), server.username(), server.password(), true);

  private final Database database = new Database(session);

  @AfterEach
  void close() {
    session.destroy();
    server.close();
  }

  private List<String> column(String sql, Object... parameters) {
    return database.jdbc().sql(sql).params(parameters).query(String.class).list();
  }

  private String prepared(String what) {
    return column(
            "SELECT coalesce(%s, 0)::text FROM pg_prepared_statements WHERE name LIKE 'migrator%%'"
                .formatted(what))
        .get(0);
  }

  private void planningOnce(Runnable work) {
    database.inTransaction(
        () ->
            database.planningOnce(
                () -> {
                  work.run();
                  return true;
                }));
  }

  @Test
  void parametersAreThoseOfTheDriver() {
    String sql = "SELECT ?::text || pg_typeof(?) || ?::oid || pg_typeof(?) || '?' || ? -- ?";
    List<Object[]> given =
        List.of(
            new Object[] {"it's", 1L, 2L, true, "\\d"},
            new Object[] {"\\'; x", 5_000_000_000L, 3L, false, "$1"},
            new Object[] {"'\\''", -1L, 0L, false, "?"});
    planningOnce(
        () -> {
          for (Object[] parameters : given) {
            assertThat(column(sql, parameters))
                .containsExactly(
                    "%sbigint%sboolean?%s".formatted(parameters[0], parameters[2], parameters[4]));
          }
          assertThat(prepared("sum(generic_plans)")).isEqualTo("2");
        });
  }

  @Test
  void listsAreThoseOfTheDriver() {
    String sql = "SELECT unnest(CAST(:names AS text[])) || :number";
    planningOnce(
        () -> {
          for (String[] names : new String[][] {{"a"}, {"it's", "\\"}, {}, {"{1,2}", "NULL"}}) {
            assertThat(
                    database
                        .jdbc()
                        .sql(sql)
                        .param("names", names)
                        .param("number", 7)
                        .query(String.class)
                        .list())
                .isEqualTo(Arrays.stream(names).map(it -> it + 7).toList());
          }
          assertThat(prepared("sum(generic_plans)")).isEqualTo("3");
        });
  }

  @Test
  void whatCannotBeWrittenIsSentByTheDriver() {
    String sql = "SELECT coalesce(?::text, 'none') || ?";
    planningOnce(
        () -> {
          for (int i = 0; i < 3; i++) {
            assertThat(column(sql, null, 1.5f)).containsExactly("none1.5");
          }
          assertThat(prepared("count(*)")).isEqualTo("0");
        });
  }

  @Test
  void nullIsNoNumber() {
    planningOnce(
        () -> {
          for (int i = 0; i < 3; i++) {
            assertThat(column("SELECT coalesce(?::text, 'none')", new Object[] {null}))
                .containsExactly("none");
          }
        });
  }

  @Test
  void whatIsPlannedWithinDoesNotEndIt() {
    String sql = "SELECT ?::int + 1";
    planningOnce(
        () -> {
          database.planningOnce(() -> column(sql, 1));
          column(sql, 1);
          column(sql, 2);
          assertThat(prepared("count(*)")).isEqualTo("1");
        });
    assertThat(database.inTransaction(() -> prepared("count(*)"))).isEqualTo("0");
  }

  @Test
  void changesOfTheCatalogAreSeenWithoutAnotherPlan() {
    String sql =
        "SELECT attname::text FROM pg_attribute WHERE attrelid = ?::regclass AND attnum > 0";
    planningOnce(
        () -> {
          database.execute("CREATE TABLE t (a int)");
          assertThat(column(sql, "t")).containsExactly("a");
          for (String added : List.of("b", "c", "d")) {
            database.execute("ALTER TABLE t ADD COLUMN %s int".formatted(added));
            assertThat(column(sql, "t")).endsWith(added);
          }
          assertThat(prepared("sum(generic_plans + custom_plans * 100)")).isEqualTo("3");
        });
  }

  @Test
  void namesAreFoundByThePathOfTheMoment() {
    database.inTransaction(
        () ->
            database.execute(
                "CREATE SCHEMA one; CREATE SCHEMA two; CREATE TABLE one.t AS SELECT 1 AS x; CREATE TABLE two.t AS SELECT 2 AS x"));
    planningOnce(
        () -> {
          for (int i = 0; i < 3; i++) {
            database.searchPath().set("one");
            assertThat(column("SELECT x FROM t")).containsExactly("1");
            database.searchPath().set("two");
            assertThat(column("SELECT x FROM t")).containsExactly("2");
          }
        });
  }

  @Test
  void nothingIsLeftWithTheSession() {
    planningOnce(() -> sendTwice());
    assertThat(prepared("count(*)")).isEqualTo("0");
    assertThatExceptionOfType(DataAccessException.class)
        .isThrownBy(
            () ->
                planningOnce(
                    () -> {
                      sendTwice();
                      database.execute("SELECT 1 / 0");
                    }));
    assertThat(prepared("count(*)")).isEqualTo("0");
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(
            () ->
                planningOnce(
                    () -> {
                      sendTwice();
                      throw new IllegalStateException("it does not fit");
                    }));
    assertThat(prepared("count(*)")).isEqualTo("0");
    assertThat(column("SHOW plan_cache_mode")).containsExactly("auto");
  }

  private void sendTwice() {
    column("SELECT 1");
    column("SELECT 1");
    assertThat(prepared("count(*)")).isEqualTo("1");
  }
}
