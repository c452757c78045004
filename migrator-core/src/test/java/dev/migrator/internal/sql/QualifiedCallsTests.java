package dev.migrator.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QualifiedCallsTests {

  private static final Set<String> KEYWORDS =
      Set.of("coalesce", "case", "any", "array", "numeric", "extract", "timestamp");

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "lower((a)::text) ; pg_catalog.lower((a)::text)",
        "\"left\"(a, 1) ; pg_catalog.\"left\"(a, 1)",
        "public.f(lower(a)) ; public.f(pg_catalog.lower(a))",
        "COALESCE(a, 'lower(x)'::text) ; COALESCE(a, 'lower(x)'::text)",
        "(a)::numeric(10,2) ; (a)::numeric(10,2)",
        "(a)::character varying(10) ; (a)::character varying(10)",
        "(a)::public.geometry(Point,4326) ; (a)::public.geometry(Point,4326)",
        "(a || ' '::text) ; (a OPERATOR(pg_catalog.||) ' '::text)",
        "(- a) ; (OPERATOR(pg_catalog.-) a)",
        "(a OPERATOR(public.=) b) ; (a OPERATOR(public.=) b)",
        "(a = ANY (ARRAY[1, 2])) ; (a OPERATOR(pg_catalog.=) ANY (ARRAY[1, 2]))",
        "f(x => 1) ; pg_catalog.f(x => 1)",
        "row_to_json(t.*) ; pg_catalog.row_to_json(t.*)",
        "(a)[1:2] ; (a)[1:2]",
        "((a ->> 'k'::text))::integer ; ((a OPERATOR(pg_catalog.->>) 'k'::text))::integer",
        "EXTRACT(year FROM a) ; EXTRACT(year FROM a)"
      })
  void namesWhatIsTheServersOwn(String written, String named) {
    assertThat(QualifiedCalls.of(written, KEYWORDS)).isEqualTo(named);
  }
}
