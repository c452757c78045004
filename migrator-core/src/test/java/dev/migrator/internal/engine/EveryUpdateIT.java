package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.TimedMigrators;
import dev.migrator.internal.Timings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way in which an update can change a value on either side of a copy, NULL included. */
@Tag("server-version")
class EveryUpdateIT {

  private static final List<@Nullable String> VALUES = Arrays.asList(null, "1", "2");

  /** How a row was, what the statement sets, and how the row has to be. */
  private record Case(
      int id,
      @Nullable String a,
      @Nullable String b,
      boolean setsA,
      boolean setsB,
      @Nullable String newA,
      @Nullable String newB) {

    String set() {
      List<String> sets = new ArrayList<>();
      if (setsA) {
        sets.add("a = " + literal(newA));
      }
      if (setsB) {
        sets.add("b = " + literal(newB));
      }
      return String.join(", ", sets.isEmpty() ? List.of("other = 1") : sets);
    }

    /** Only what is changed alone reaches the other side; what is not copied yet is filled. */
    String expected(boolean fills) {
      String resultA = setsA ? newA : a;
      String resultB = setsB ? newB : b;
      boolean changedA = !Objects.equals(resultA, a);
      boolean changedB = !Objects.equals(resultB, b);
      if (changedA && !changedB || fills && !changedB && b == null) {
        resultB = resultA;
      } else if (changedB && !changedA) {
        resultA = resultB;
      }
      return Objects.requireNonNullElse(resultA, "-")
          + "|"
          + Objects.requireNonNullElse(resultB, "-");
    }

    private static String literal(@Nullable String value) {
      return (value == null) ? "NULL" : "'" + value + "'";
    }
  }

  private final Fixture fixture = new Fixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private static Migration.DualWritten copy(String type) {
    return Migration.define("m").table("t").addColumn("b", type).dualWrite("a", "b");
  }

  private static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (String a : VALUES) {
      for (String b : VALUES) {
        cases.add(new Case(cases.size(), a, b, false, false, null, null));
        for (String first : VALUES) {
          cases.add(new Case(cases.size(), a, b, true, false, first, null));
          cases.add(new Case(cases.size(), a, b, false, true, null, first));
          for (String second : VALUES) {
            cases.add(new Case(cases.size(), a, b, true, true, first, second));
          }
        }
      }
    }
    return cases;
  }

  private void isRight(boolean fills) {
    List<Case> cases = cases();
    fixture.execute("TRUNCATE t", "ALTER TABLE t DISABLE TRIGGER USER");
    cases.forEach(
        it ->
            fixture.execute(
                "INSERT INTO t (id, a, b) VALUES (%d, %s, %s)"
                    .formatted(it.id(), Case.literal(it.a()), Case.literal(it.b()))));
    fixture.execute("ALTER TABLE t ENABLE TRIGGER USER");
    Map<Case, String> expected = new LinkedHashMap<>();
    Map<Case, String> found = new LinkedHashMap<>();
    for (Case each : cases) {
      fixture.execute("UPDATE t SET %s WHERE id = %d".formatted(each.set(), each.id()));
      expected.put(each, each.expected(fills));
      found.put(
          each,
          fixture.value(
              "SELECT coalesce(a::text, '-') || '|' || coalesce(b::text, '-') FROM t WHERE id = "
                  + each.id()));
    }
    assertThat(found).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "integer", "varchar(9)", "json", "numeric", "char(3)"})
  void isRightInEachStateOfTheTriggers(String type) {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a %s, other int NOT NULL DEFAULT 0)".formatted(type));
    fixture.reach(Phase.DUAL_WRITE, copy(type));
    isRight(true);
    fixture.execute("UPDATE t SET b = a");
    Timings timings =
        Fixture.TIMINGS.withBackground(
            Fixture.TIMINGS.background().withTriggers(Duration.ofMillis(20)));
    Migrator migrator =
        fixture.started(
            TimedMigrators.with(timings, Migrator.builder(fixture.dataSource()))
                .settings(Fixture.SETTINGS)
                .declare("m", copy(type).backfill()));
    Fixture.awaitPhase(migrator, "m", Phase.BACKFILL);
    Fixture.await(
        () -> fixture.value("SELECT count(*) FROM pg_trigger WHERE tgtype & 32 <> 0").equals("1"),
        () -> "the triggers do not rest");
    isRight(false);
  }

  /** What is given alone reaches the other side; NULL is as good as not given. */
  @ParameterizedTest
  @ValueSource(strings = {"text", "integer", "json", "char(3)"})
  void anInsertGivesEitherSideOrBothOrNeither(String type) {
    fixture.execute("CREATE TABLE t (id int PRIMARY KEY, a %s)".formatted(type));
    fixture.reach(Phase.DUAL_WRITE, copy(type));
    Map<String, String> found = new LinkedHashMap<>();
    for (String insert :
        List.of(
            "(id) VALUES (0)",
            "(id, a) VALUES (0, NULL)",
            "(id, a) VALUES (0, '1')",
            "(id, b) VALUES (0, '1')",
            "(id, a, b) VALUES (0, NULL, NULL)",
            "(id, a, b) VALUES (0, '1', NULL)",
            "(id, a, b) VALUES (0, NULL, '1')",
            "(id, a, b) VALUES (0, '1', '1')",
            "(id, a, b) VALUES (0, '1', '2')")) {
      fixture.execute("DELETE FROM t", "INSERT INTO t " + insert);
      found.put(
          insert,
          fixture.value(
              "SELECT coalesce(trim(a::text), '-') || '|' || coalesce(trim(b::text), '-') FROM t"));
    }
    assertThat(found.values())
        .as(found.toString())
        .containsExactly("-|-", "-|-", "1|1", "1|1", "-|-", "1|1", "1|1", "1|1", "1|2");
  }

  /** A write to a row that is still to be copied is no copying, however large the value is. */
  @Test
  void aLargeValueOfTheNewSideReachesTheOldOneAlsoWhereTheRowIsNotCopied() {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text)",
        "INSERT INTO t VALUES (1, repeat('x', 9000))");
    fixture.reach(Phase.DUAL_WRITE, copy("text"));
    fixture.execute("UPDATE t SET b = repeat('y', 9000)");
    assertThat(fixture.value("SELECT a = b AND b = repeat('y', 9000) FROM t")).isEqualTo("t");
  }
}
