package dev.migrator.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowCodeTests {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "BEGIN NEW.a := 1; END",
        "BEGIN\nIF x THEN new.\"a\" = 1; END IF; END",
        "SELECT 1, 2 INTO NEW.b, NEW.a FROM t;",
        "SELECT 1 INTO STRICT NEW;",
        "NEW := OLD;",
        "NEW.a[1] = 2;"
      })
  void aColumnOfTheRowIsGivenAValue(String code) {
    assertThat(RowCode.of(code).assigns("a")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "IF NEW.a = 1 THEN x := NEW.a; END IF;",
        "NEW.aa := 1;",
        "INSERT INTO log VALUES (NEW.a);",
        "INSERT INTO new VALUES (1);",
        "x := 'NEW.a := 1';",
        "-- NEW.a := 1",
        "SELECT a INTO x FROM t WHERE t.a = NEW.a;",
        "RETURN NEW;"
      })
  void itIsOnlyRead(String code) {
    assertThat(RowCode.of(code).assigns("a")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO h SELECT OLD.*;",
        "INSERT INTO s.h AS x VALUES (NEW.*);",
        "INSERT INTO h (SELECT (NEW).*);",
        "INSERT INTO \"H\" SELECT OLD.*, now();",
        "INSERT INTO h SELECT * FROM changed;"
      })
  void theWholeRowIsInsertedByPosition(String code) {
    assertThat(RowCode.of(code).insertsWholeRow(List.of("changed"))).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO h (a, b) SELECT OLD.*;",
        "INSERT INTO h SELECT OLD.a * 2;",
        "INSERT INTO h SELECT * FROM other; x := NEW.a;",
        "INSERT INTO h VALUES (to_jsonb(OLD));"
      })
  void itIsNot(String code) {
    assertThat(RowCode.of(code).insertsWholeRow(List.of("changed"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM t",
        "SELECT t.* FROM t",
        "COPY t FROM '/x'",
        "COPY public.t FROM '/x'",
        "DELETE FROM t RETURNING *"
      })
  void allColumnsAreTaken(String code) {
    assertThat(RowCode.of(code).takesAllColumns("t")).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT count(*) FROM t",
        "SELECT a * 2 FROM t",
        "COPY t (a) FROM '/x'",
        "SELECT * FROM s; DELETE FROM t"
      })
  void theyAreNot(String code) {
    assertThat(RowCode.of(code).takesAllColumns("t")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO h SELECT * FROM t",
        "INSERT INTO archive.t SELECT * FROM t WHERE id < 9",
        "INSERT INTO archive.t AS a SELECT * FROM public.t",
      })
  void allColumnsGoToAnotherTable(String code) {
    assertThat(RowCode.of(code).copiesAllColumns("t")).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO t SELECT * FROM t",
        "INSERT INTO public.t SELECT * FROM public.t",
        "INSERT INTO t SELECT * FROM h",
        "INSERT INTO h (id) SELECT * FROM t"
      })
  void theyDoNotGoThere(String code) {
    assertThat(RowCode.of(code).copiesAllColumns("t")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO t VALUES (1)",
        "INSERT INTO s.t AS x SELECT 1",
        "INSERT INTO t (SELECT 1)",
        "SELECT * INTO x, y FROM t",
        "SELECT * INTO STRICT x, y FROM s.t WHERE id = 1"
      })
  void placesCount(String code) {
    assertThat(RowCode.of(code).usesPlaces("t")).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO t (a) VALUES (1)",
        "INSERT INTO t DEFAULT VALUES",
        "INSERT INTO s VALUES (1)",
        "SELECT * INTO x FROM t",
        "SELECT a, b INTO x, y FROM t",
        "INSERT INTO s (a) SELECT 1 FROM t"
      })
  void theyDoNot(String code) {
    assertThat(RowCode.of(code).usesPlaces("t")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EXECUTE 'INSERT INTO h SELECT ($1).*' USING OLD;",
        "EXECUTE format($q$INSERT INTO %I.%I VALUES ($1.*)$q$, a, b) USING NEW;",
        "EXECUTE 'INSERT INTO ' || h || ' SELECT $1.*' USING OLD;",
        "x := '\\'; INSERT INTO h SELECT OLD.*;"
      })
  void theWholeRowIsInsertedBySqlThatIsPutTogether(String code) {
    assertThat(RowCode.of(code).insertsWholeRow(List.of())).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EXECUTE 'INSERT INTO h SELECT to_jsonb($1)' USING OLD;",
        "EXECUTE 'SELECT ($1).*' USING OLD;",
        "x := 'insert into'; y := '2 * 3';"
      })
  void itIsNotByThat(String code) {
    assertThat(RowCode.of(code).insertsWholeRow(List.of())).isEmpty();
  }
}
