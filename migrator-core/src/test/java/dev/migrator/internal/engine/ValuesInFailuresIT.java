package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import dev.migrator.FileMigrations;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OnTable;
import dev.migrator.Sync;
import dev.migrator.error.MigratorException;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.MigrationStatus.State;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * Whatever fails on a row, the value of the row is nowhere afterwards: not in the log and its stack
 * traces, not in what is thrown, reported or recorded, but for the keys in the quarantine.
 */
class ValuesInFailuresIT {

  private static final String SECRET = "secret@example.com";

  private final Fixture fixture = new Fixture();

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  private final Logger logger = (Logger) LoggerFactory.getLogger("dev.migrator");

  private final Level level = logger.getLevel();

  @BeforeEach
  void rows() {
    log.start();
    logger.setLevel(Level.DEBUG);
    logger.addAppender(log);
    fixture.execute(
        "CREATE TABLE p (id text PRIMARY KEY)",
        "CREATE TABLE t (id int PRIMARY KEY, a text, n int, short varchar(50))",
        "INSERT INTO t SELECT n, '%s', NULL, '%s' FROM generate_series(1, 3) n"
            .formatted(SECRET, SECRET),
        raising("raised", "RAISE 'a bad value: %', a"),
        raising("coded", "RAISE 'a bad value: %', a USING ERRCODE = '55000'"),
        raising("dynamic", "EXECUTE 'SELECT ' || a"),
        raising("named", "EXECUTE format('SELECT %I', a)"));
  }

  private static String raising(String name, String statement) {
    return "CREATE FUNCTION %s(a text) RETURNS int LANGUAGE plpgsql IMMUTABLE STRICT AS $$ BEGIN %s; RETURN 1; END $$"
        .formatted(name, statement);
  }

  @AfterEach
  void close() {
    logger.detachAppender(log);
    logger.setLevel(level);
    fixture.close();
  }

  enum Failing {
    FILLING,
    FILLING_RAISES,
    NOT_NULL,
    CHECK,
    CHECK_FAILS,
    CHECK_RAISES,
    CHECK_RAISES_CODE,
    UNIQUE,
    FOREIGN_KEY,
    UNIQUE_INDEX,
    INDEX_FAILS,
    INDEX_RAISES,
    INDEX_RAISES_CODE,
    INDEX_DYNAMIC,
    INDEX_PREDICATE,
    COLUMN_CHANGE,
    COLUMN_CHANGE_RAISES,
    SQL,
    SQL_UNIQUE,
    SQL_RAISES,
    SQL_RAISES_CODE,
    SQL_DYNAMIC,
    SQL_NAMED,
    SQL_IN_CONTRACT,
    FILE,
    FILE_RAISES,
    FILE_RAISES_CODE,
    FILE_DYNAMIC,
    FILE_COPY,
    FILE_OUTSIDE;

    Migration migration() {
      OnTable table = Migration.define("m").table("t");
      return switch (this) {
        case FILLING -> table.setNotNull("n").fillNullsWith("a::int");
        case FILLING_RAISES -> table.setNotNull("n").fillNullsWith("coded(a)");
        case NOT_NULL -> table.setNotNull("n");
        case CHECK -> table.addCheck("c", "a <> '" + SECRET.replace("e", "' || 'e") + "'");
        case CHECK_FAILS -> table.addCheck("c", "a::int > 0");
        case CHECK_RAISES -> table.addCheck("c", "raised(a) > 0");
        case CHECK_RAISES_CODE -> table.addCheck("c", "coded(a) > 0");
        case UNIQUE -> table.addUnique("u", "a");
        case FOREIGN_KEY -> table.addForeignKey("f", "a").references("p", "id");
        case UNIQUE_INDEX -> table.addIndex("i").on("a").unique();
        case INDEX_FAILS -> table.addIndex("i").onExpressions("(a::int)");
        case INDEX_RAISES -> table.addIndex("i").onExpressions("raised(a)");
        case INDEX_RAISES_CODE -> table.addIndex("i").onExpressions("coded(a)");
        case INDEX_DYNAMIC -> table.addIndex("i").onExpressions("named(a)");
        case INDEX_PREDICATE -> table.addIndex("i").on("id").where("raised(a) > 0");
        case COLUMN_CHANGE -> changed(table, "a::int");
        case COLUMN_CHANGE_RAISES -> changed(table, "coded(a)");
        case SQL -> sql("UPDATE t SET n = a::int");
        case SQL_UNIQUE -> sql("CREATE UNIQUE INDEX u ON t (a)");
        case SQL_RAISES -> sql("UPDATE t SET n = raised(a)");
        case SQL_RAISES_CODE -> sql("UPDATE t SET n = coded(a)");
        case SQL_DYNAMIC -> sql("UPDATE t SET n = dynamic(a)");
        case SQL_NAMED -> sql("UPDATE t SET n = named(a)");
        case SQL_IN_CONTRACT ->
            Migration.define("m").sql("UPDATE t SET n = raised(a)").inContract().withoutUndo("-");
        case FILE -> file("ALTER TABLE t ADD CONSTRAINT u UNIQUE (a)");
        case FILE_RAISES -> file("UPDATE t SET n = raised(a)");
        case FILE_RAISES_CODE -> file("UPDATE t SET n = coded(a)");
        case FILE_DYNAMIC -> file("UPDATE t SET n = named(a)");
        case FILE_COPY ->
            file("COPY t (n) FROM stdin;\nno number\n\\.\n".replace("no number", SECRET));
        case FILE_OUTSIDE -> file("CREATE INDEX CONCURRENTLY i ON t (coded(a))");
      };
    }

    private static Migration changed(OnTable table, String forward) {
      return table
          .addColumn("b", "int")
          .dualWrite(Sync.of("a").with("b").compute("b", forward).compute("a", "b::text"))
          .backfill();
    }

    private static Migration sql(String sql) {
      return Migration.define("m").sql(sql).withoutUndo("-");
    }

    private static Migration file(String sql) {
      return FileMigrations.of("m", SqlFolder.file(sql, "SELECT 1"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void noValueIsSeen(Failing failing) {
    fails(failing, Fixture.AUTO);
    fails(failing, Fixture.AUTO.toBuilder().safety(it -> it.oneTransactionRows(1000)).build());
  }

  private void fails(Failing failing, MigratorSettings settings) {
    Migrator migrator = fixture.migrator(settings, failing.migration());
    String thrown = "";
    try {
      migrator.prepare();
    } catch (MigratorException ex) {
      thrown = trace(ex);
    }
    migrator.start();
    if (failing.name().startsWith("FILE_COPY") || !thrown.contains("InvalidMigration")) {
      Fixture.awaitState(migrator, "m", State.FAILED);
      assertNoValue("plan", migrator.plan().toString());
    }
    assertNoValue("thrown", thrown);
    assertNoValue("status", migrator.status("m").toString() + migrator.status());
    migrator.close();
    for (ILoggingEvent event : List.copyOf(log.list)) {
      assertNoValue("log", event.getFormattedMessage());
      if (event.getThrowableProxy() != null) {
        assertNoValue("log", ThrowableProxyUtil.asString(event.getThrowableProxy()));
      }
    }
    if (failing == Failing.FILE_COPY) {
      return; // what a file says is recorded, and rows are a part of this one
    }
    for (String table :
        fixture
            .jdbc()
            .sql(
                "SELECT relname::text FROM pg_class WHERE relnamespace = 'migrator'::regnamespace AND relkind = 'r' AND relname <> 'quarantine'")
            .query(String.class)
            .list()) {
      assertNoValue(
          table,
          fixture.value("SELECT string_agg(t::text, ' ') FROM migrator.%s t".formatted(table)));
    }
  }

  private static void assertNoValue(String where, String text) {
    assertThat(text).as(where).doesNotContain(SECRET);
  }

  private static String trace(Throwable error) {
    StringWriter text = new StringWriter();
    error.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
