package dev.migrator.internal.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Lets one statement of the steps that changes the catalog fail on the server, in the way that is
 * asked for, each time that it is sent until it is told to stop.
 */
final class FailingDataSource extends ProxiedDataSource {

  /** How it fails. */
  enum Failure {
    LOCK_TIMEOUT("55P03"),
    DEPENDENCY("2BP01"),
    PRIVILEGE("42501"),
    DISK_FULL("53100"),
    EVENT_TRIGGER("P0001"),
    CANCELLED("57014"),
    CONNECTION_LOST(""),
    INTERNAL("XX000");

    private final String state;

    Failure(String state) {
      this.state = state;
    }

    String sql() {
      return this == CONNECTION_LOST
          ? "SELECT pg_terminate_backend(pg_backend_pid())"
          : "DO $$ BEGIN RAISE EXCEPTION 'made by the test' USING ERRCODE = '%s'; END $$"
              .formatted(state);
    }
  }

  private static final Pattern CHANGE =
      Pattern.compile(
          "^\\s*(/\\*.*?\\*/\\s*)?(ALTER|CREATE|DROP|COMMENT|DO)\\b",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private final Runnable between;

  private final int at;

  private final Failure failure;

  private final boolean afterwards;

  private int sent;

  private String failing;

  private volatile boolean failed;

  private volatile boolean healed;

  private FailingDataSource(
      DataSource target, Runnable between, int at, Failure failure, boolean afterwards) {
    super(target);
    this.between = between;
    this.at = at;
    this.failure = failure;
    this.afterwards = afterwards;
    this.failing = "";
  }

  /**
   * Counts such statements, and lets none fail.
   *
   * @param between called between the transactions of the thread that works
   */
  static FailingDataSource counting(DataSource target, Runnable between) {
    return new FailingDataSource(target, between, 0, Failure.INTERNAL, false);
  }

  /**
   * Lets one fail.
   *
   * @param at its number
   * @param afterwards whether it is done first, where a transaction rolls it back
   */
  static FailingDataSource at(DataSource target, int at, Failure failure, boolean afterwards) {
    return new FailingDataSource(target, () -> {}, at, failure, afterwards);
  }

  int sent() {
    return sent;
  }

  boolean hasFailed() {
    return failed;
  }

  /** What failed, to be named. */
  String failing() {
    return failing;
  }

  void heal() {
    healed = true;
  }

  @Override
  public Connection getConnection() throws SQLException {
    if (isAtWork()) {
      between.run();
    }
    return super.getConnection();
  }

  @Override
  @Nullable Object on(Call call) throws Throwable {
    if (!call.sendsText() || !isToFail(call.sql())) {
      return call.proceed();
    }
    if (afterwards) {
      call.proceed();
    }
    failed = true;
    healed |= failure == Failure.CONNECTION_LOST;
    return ((Statement) call.target()).execute(failure.sql());
  }

  private synchronized boolean isToFail(String sql) {
    if (!CHANGE.matcher(sql).find() || isOfNoStep()) {
      return false;
    }
    if (failed) {
      return !healed && sql.equals(failing);
    }
    sent++;
    failing = (sent == at) ? sql : failing;
    return sent == at;
  }

  private static boolean isAtWork() {
    return StackWalker.getInstance()
        .walk(frames -> frames.anyMatch(it -> it.getClassName().endsWith(".StepRunner")));
  }

  /** What is tried while a declaration is compared with the database is rolled back anyway. */
  private static boolean isOfNoStep() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames.anyMatch(
                    it ->
                        it.getClassName().contains(".internal.operation.")
                            || it.getClassName().contains(".internal.journal.")));
  }
}
