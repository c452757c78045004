package dev.migrator.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where literals, names, comments and statements end. */
class StatementsTests {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "id > 0",
        "code <> ';'",
        "code <> 'it''s; here'",
        "code <> E'it\\'s; \\\\'",
        "code <> e'\\\\' AND true",
        "code <> $$;)$$",
        "code <> $a$ $$ ; $b$ ) $a$",
        "a$b$c > 0 AND d$b$ > 1",
        "\"odd \"\";( name\" IS NULL",
        "U&\"d\\0061;(\" = U&'\\0441;'",
        "größe > 0 AND naïve$x$ = 'Ünïcode ; 😀'",
        "😀 > 0",
        "id /* one /* two ) ; */ still */ > 0",
        "id > 0 -- ; drop\n AND true",
        "(ARRAY[1, (2)])[1] = id",
        "B'101' = X'5'::bit(3)",
        "numeric(12, 2)",
        "id @- 1 > 0 AND id -1 > 0",
        "x = 'a' \n 'b'",
        "j ? 'a' AND j ->> '$1' = $q$'$q$",
        "(SELECT 1)",
        "1E'1' IS NULL"
      })
  void oneExpression(String sql) {
    assertThatCode(() -> Expressions.requireOne(sql)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "id > 0); commit; drop table victim; --",
        "id > 0; drop table victim",
        ";",
        "",
        " /* nothing */ ",
        "id > 0)",
        ") OR (true",
        "(id > 0",
        "array[1",
        "id > 0 --",
        "id > 0 -- a comment",
        "id > 0 /* a comment",
        "id > 0 /* a /* b */",
        "code = 'open",
        "code = E'open\\'",
        "code = 'a\\'); drop table victim; --'",
        "code = E'a'\n'b\\'); drop table victim; --'",
        "code = E'a' -- c\n '\\'); drop table victim; --'",
        "code = $a$ $b$",
        "code = a$$;$$",
        "\"open",
        "code = U&'open",
        "id > 0, commit",
        "text, ADD COLUMN x int",
        "'$migrator$; drop table victim; --'",
        "nul \0"
      })
  void notOneExpression(String sql) {
    assertThatExceptionOfType(MalformedSqlException.class)
        .isThrownBy(() -> Expressions.requireOne(sql));
  }

  @Test
  void listsMayHaveCommas() {
    Expressions.requireList("lower(a) text_pattern_ops, b DESC");
    assertThatExceptionOfType(MalformedSqlException.class)
        .isThrownBy(() -> Expressions.requireList("a, b); drop table victim; --"));
  }

  @Test
  void statementsAreSplitWhereTheServerWould() {
    assertThat(
            Statements.split(
                """
                -- first ; one
                CREATE VIEW v AS SELECT ';' AS a, E'\\';' AS b; ;
                /* ; */ CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $f$ BEGIN RETURN 1; END $f$;
                CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2);
                CREATE OR REPLACE FUNCTION g() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END;
                SELECT "a;b" -- the last
                """))
        .hasSize(5)
        .startsWith("CREATE VIEW v AS SELECT ';' AS a, E'\\';' AS b")
        .endsWith("SELECT \"a;b\"")
        .contains("CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2)");
  }

  @Test
  void whiteSpaceAndCommentsDoNotCount() {
    assertThat(Statements.canonical("SELECT  a,\n /* b */ 'c  d' -- e"))
        .isEqualTo(Statements.canonical("SELECT a ,'c  d'"))
        .isNotEqualTo(Statements.canonical("SELECT a, 'c d'"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "BEGIN",
        "/* a */ start transaction",
        "SELECT 1; COMMIT",
        "END",
        "ROLLBACK TO SAVEPOINT a",
        "ABORT",
        "SAVEPOINT a",
        "RELEASE a",
        "PREPARE TRANSACTION 'a'",
        "COMMIT PREPARED 'a'",
        "SET TRANSACTION READ ONLY",
        "SET search_path = a",
        "SET SESSION lock_timeout = 0",
        "SET LOCAL lock_timeout = 0",
        "SET LOCAL ROLE a",
        "RESET ALL",
        "DISCARD ALL",
        "LISTEN a",
        "PREPARE a AS SELECT 1",
        "VACUUM t",
        "CREATE DATABASE a",
        "DROP DATABASE a",
        "CREATE TABLESPACE a LOCATION 'b'",
        "ALTER SYSTEM SET a = 1",
        "CREATE INDEX CONCURRENTLY i ON t (a)",
        "CREATE UNIQUE INDEX concurrently i ON t (a)",
        "DROP INDEX CONCURRENTLY i",
        "REINDEX (VERBOSE) TABLE CONCURRENTLY t",
        "REINDEX SCHEMA s",
        "ALTER TABLE t DETACH PARTITION p CONCURRENTLY",
        "CLUSTER",
        "COPY t FROM STDIN",
        "-- nothing\n;",
        "SELECT 'open"
      })
  void refused(String sql) {
    assertThatExceptionOfType(MalformedSqlException.class).isThrownBy(() -> Statements.split(sql));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
        "SET LOCAL search_path = a",
        "SET CONSTRAINTS ALL DEFERRED",
        "LOCK TABLE t",
        "SELECT \"begin\", 'COMMIT', \"concurrently\" FROM t",
        "DO $$ BEGIN PERFORM 1; END $$",
        "CLUSTER t USING i",
        "REINDEX TABLE t"
      })
  void allowed(String sql) {
    assertThat(Statements.split(sql)).hasSize(1);
  }
}
