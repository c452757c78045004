package dev.migrator.internal.operation.column;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.TableName;
import dev.migrator.internal.catalog.ColumnFacts;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.Qualified;
import dev.migrator.internal.operation.Resolution;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.ObjectNames;
import dev.migrator.operation.ColumnChange;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is known of a copied column without asking the server is what the server would say. */
@Tag("server-version")
class CopiedColumnIT {

  private final TestDatabase server = TestPostgres.newDatabase();

  private final Database database = new Database(server.dataSource());

  @AfterEach
  void close() {
    server.close();
  }

  private void execute(String... statements) {
    for (String statement : statements) {
      JdbcClient.create(server.dataSource()).sql(statement).update();
    }
  }

  @Test
  void itIsWhatTheServerSaysOfOneOfThatType() {
    execute(
        "CREATE SCHEMA migrator",
        "CREATE SCHEMA \"Other\"",
        "CREATE TYPE \"Other\".mood AS ENUM ('a', 'b')",
        "CREATE TYPE \"Other\".pair AS (x int, y text)",
        "CREATE DOMAIN \"Other\".plain AS varchar(20)",
        """
        CREATE TABLE t (
          c1 text NOT NULL DEFAULT 'x', c2 varchar(7), c3 varchar, c4 char(3), c5 bpchar, c6 "char",
          c7 numeric(10, 2), c8 numeric, c9 timestamp(3), c10 timestamptz, c11 interval(2), c12 interval day to second,
          c13 bit(4), c14 bit varying(5), c15 "bit", c16 int[] DEFAULT '{}', c17 "Other".mood, c18 "Other".mood[],
          c19 "Other".pair, c20 "Other".plain, c21 text COLLATE "C", c22 jsonb, c23 bytea, c24 uuid DEFAULT gen_random_uuid(),
          c25 double precision, c26 name, c27 oid, c28 int4range, c29 xml, c30 time(1) with time zone)
        """,
        "COMMENT ON COLUMN t.c1 IS 'what it is'");
    database.inTransaction(
        () -> {
          Resolution resolution = resolution();
          TableFacts table = resolution.tables().changed(new TableName(null, "t"));
          assertThat(table.columns()).hasSize(30);
          for (ColumnFacts column : table.columns()) {
            ColumnChange change = change(column.name());
            TransformProbe probe = new TransformProbe(resolution);
            assertThat(probe.probe(table, List.of(column), change.newColumns(), change.sync()))
                .isEqualTo(
                    probe.probeAll(table, List.of(column), change.newColumns(), change.sync()));
          }
        });
  }

  private Resolution resolution() {
    return new Resolution(
        database, "here", ObjectNames.of("m", 0), true, Set.of(), Qualified.nothingKnown());
  }

  private static ColumnChange change(String column) {
    return (ColumnChange)
        Migration.define("m").table("t").renameColumn(column, "other").operations().get(0);
  }
}
