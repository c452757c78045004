package dev.migrator.test.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RowMakerIT {

  private TestDatabase database;

  @BeforeEach
  void createDatabase() {
    database = TestPostgres.newDatabase();
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  private void execute(String sql) {
    Databases.execute(database, sql);
  }

  private String value(String sql) {
    return Databases.value(database, sql);
  }

  private void make(WantedRows wanted) {
    new RowMaker(it -> {}, new Statistics(null)).make(database.dataSource(), wanted);
  }

  @Test
  void valuesOfEveryTypeAreMadeWhereThereIsNoRow() {
    execute(
        """
        CREATE TYPE mood AS ENUM ('good', 'bad');
        CREATE DOMAIN code AS varchar(6);
        CREATE TABLE every (
          id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
          a int2 NOT NULL, b int4 UNIQUE, c int8, d numeric(8, 2) NOT NULL, e float8, f bool NOT NULL,
          g text NOT NULL UNIQUE, h varchar(5) NOT NULL UNIQUE, i char(3), j uuid NOT NULL UNIQUE, k date UNIQUE,
          l timestamptz NOT NULL UNIQUE, m time, n interval, o json, p jsonb NOT NULL, q bytea, r inet, s mood NOT NULL,
          t int[] NOT NULL, u int4range, v code NOT NULL, w xml, x tsvector,
          y text NOT NULL DEFAULT 'as it is', z text GENERATED ALWAYS AS (upper(g)) STORED, point point);
        """);
    make(WantedRows.NONE.withRows("every", 5_000));
    assertThat(
            value(
                """
                SELECT concat_ws(' ', count(*), count(DISTINCT g), count(DISTINCT s), min(y), count(c), count(point),
                                 bool_and(z = upper(g))) FROM every
                """))
        .isEqualTo("5000 5000 2 as it is 4500 0 t");
  }

  @Test
  void rowsThatAreThereAreMultipliedWithTheirShape() {
    execute(
        """
        CREATE TABLE team (id int PRIMARY KEY, name text NOT NULL);
        INSERT INTO team VALUES (1, 'a'), (2, 'b'), (3, 'c');
        CREATE TABLE person (id int PRIMARY KEY, team_id int NOT NULL REFERENCES team, email text, nick varchar(8), UNIQUE (team_id, nick));
        CREATE UNIQUE INDEX ON person (lower(email));
        INSERT INTO person SELECT i, CASE WHEN i <= 8 THEN 1 ELSE 2 END, CASE WHEN i <> 3 THEN 'p' || i || '@example.org' END, 'nick' || i
          FROM generate_series(1, 10) AS i;
        """);
    make(WantedRows.NONE.withRows("person", 10_000));
    assertThat(
            value(
                """
                SELECT concat_ws(' ', count(*), count(*) FILTER (WHERE team_id = 1), count(*) FILTER (WHERE email IS NULL),
                                 count(DISTINCT nick) > 3000, bool_and(email LIKE '%@example.org')) FROM person
                """))
        .isEqualTo("10000 8000 1000 t t");
  }

  @Test
  void foreignKeysFindTheirRows() {
    execute(
        """
        CREATE TABLE role (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL UNIQUE);
        CREATE TABLE person (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), boss uuid REFERENCES person);
        CREATE TABLE profile (person_id uuid PRIMARY KEY REFERENCES person, about text);
        CREATE TABLE person_role (person_id uuid REFERENCES person, role_id int REFERENCES role, PRIMARY KEY (person_id, role_id));
        """);
    make(
        WantedRows.NONE
            .withRows("person_role", 3_000)
            .withRows("profile", 900)
            .withRows("person", 1_000)
            .withRows("role", 5));
    assertThat(
            value(
                "SELECT concat_ws(' ', (SELECT count(*) FROM person_role), (SELECT count(*) FROM profile))"))
        .isEqualTo("3000 900");
  }

  @Test
  void whatIsGivenIsTaken() {
    execute("CREATE TABLE t (id int PRIMARY KEY, kind text NOT NULL CHECK (kind IN ('x', 'y')))");
    assertThatThrownBy(() -> make(WantedRows.NONE.withRows("t", 10)))
        .isInstanceOf(RehearsalException.class)
        .hasMessageContaining("t_kind_check")
        .hasMessageContaining("withColumn(\"t.kind\", ");
    make(
        WantedRows.NONE
            .withRows("t", 10)
            .withColumn("t.kind", "CASE WHEN i % 2 = 0 THEN 'x' ELSE 'y' END"));
    assertThat(value("SELECT count(*) FROM t WHERE kind = 'y'")).isEqualTo("5");
  }

  @Test
  void whatCannotBeMadeIsNamed() {
    execute(
        """
        CREATE TABLE shape (id int PRIMARY KEY, at point NOT NULL);
        CREATE TABLE child (id int PRIMARY KEY, shape int NOT NULL REFERENCES shape);
        CREATE TABLE flag (is_set bool PRIMARY KEY);
        """);
    for (List<String> problem :
        List.of(
            List.of("shape", "its column at of type point", "withColumn(\"shape.at\""),
            List.of("child", "refer to shape, which has 0 rows", "withRows(\"shape\""),
            List.of("flag", "that is another one in each row", "withColumn(\"flag.is_set\""),
            List.of("nothing", "there is no such table", "withRows(\"nothing\""))) {
      assertThatThrownBy(() -> make(WantedRows.NONE.withRows(problem.get(0), 10)))
          .isInstanceOf(RehearsalException.class)
          .hasMessageContaining(problem.get(1))
          .hasMessageContaining(problem.get(2));
    }
    assertThatThrownBy(() -> make(WantedRows.NONE.withColumn("shape.at", "'(1,2)'")))
        .hasMessageContaining("withRows(\"shape\"");
    make(WantedRows.NONE.withRows("shape", 10).withColumn("shape.at", "point(i, i)"));
    assertThat(value("SELECT count(*) FROM shape")).isEqualTo("10");
  }
}
