package dev.migrator.test.rehearsal;

import dev.migrator.test.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.jdbc.AutoSave;

/** Sessions of the application that go on while a phase runs. For one thread. */
final class Clients implements AutoCloseable {

  /** Between two statements of one client, so that they leave the server to the migration. */
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(5);

  private static final int MOST_ERRORS = 10;

  private static final int MOST_SECONDS = 120;

  private final TestDatabase database;

  private final int number;

  private final List<Client> running = new ArrayList<>();

  private volatile boolean ended;

  private long executions;

  private long longest;

  private String slowest = "";

  private final Set<String> errors = new LinkedHashSet<>();

  Clients(TestDatabase database, int number) {
    this.database = database;
    this.number = number;
  }

  /** Begins, and returns when each of them has run each statement once. */
  void begin(Map<RecordedStatement, Choice> statements) {
    ended = false;
    executions = 0;
    longest = 0;
    slowest = "";
    errors.clear();
    if (statements.isEmpty()) {
      return;
    }
    CountDownLatch ready = new CountDownLatch(number);
    for (int i = 0; i < number; i++) {
      Client client = new Client(statements, ready);
      running.add(client);
      client.thread.start();
    }
    try {
      if (!ready.await(MOST_SECONDS, TimeUnit.SECONDS)) {
        throw new RehearsalException(
            "the clients have not run their statements once within %d s; leave out the slow ones"
                .formatted(MOST_SECONDS));
      }
    } catch (InterruptedException ex) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends them. Returns {@code null} if there was nothing to run. */
  @Nullable ClientReport end(String stage) {
    boolean any = !running.isEmpty();
    close();
    return any ? report(stage) : null;
  }

  /** How many statements they have run. */
  synchronized long executions() {
    return executions;
  }

  private synchronized ClientReport report(String stage) {
    return new ClientReport(
        stage, executions, Duration.ofNanos(longest), slowest, List.copyOf(errors));
  }

  private synchronized void ran(
      RecordedStatement statement, long time, @Nullable SQLException failure) {
    executions++;
    if (time > longest) {
      longest = time;
      slowest = statement.sql();
    }
    if (failure != null && errors.size() < MOST_ERRORS) {
      errors.add("%s: %s".formatted(TextReport.oneLine(statement.sql()), failure.getMessage()));
    }
  }

  /** One session. */
  private final class Client implements Runnable {

    private final Map<RecordedStatement, Choice> statements;

    private final CountDownLatch ready;

    private final Thread thread = new Thread(this, "migrator-rehearsal-client");

    Client(Map<RecordedStatement, Choice> statements, CountDownLatch ready) {
      this.statements = statements;
      this.ready = ready;
      thread.setDaemon(true);
    }

    @Override
    public void run() {
      try (Connection connection = Sessions.preparing(database).getConnection()) {
        connection.setAutoCommit(false);
        // As the starter has every connection do while columns change.
        connection.unwrap(PGConnection.class).setAutosave(AutoSave.CONSERVATIVE);
        Map<RecordedStatement, UsedStatement> prepared = new LinkedHashMap<>();
        for (RecordedStatement statement : statements.keySet()) {
          prepared.put(statement, new UsedStatement(connection, statement));
        }
        do {
          once(prepared);
          ready.countDown();
        } while (!ended);
      } catch (SQLException ex) {
        synchronized (Clients.this) {
          errors.add("a client has ended: " + ex.getMessage());
        }
      } finally {
        ready.countDown();
      }
    }

    private void once(Map<RecordedStatement, UsedStatement> prepared) throws SQLException {
      for (Map.Entry<RecordedStatement, Choice> it : statements.entrySet()) {
        UsedStatement statement = prepared.get(it.getKey());
        if (statement == null || (ended && ready.getCount() == 0)) {
          continue;
        }
        long begin = System.nanoTime();
        SQLException failure = statement.run(it.getValue());
        ran(it.getKey(), System.nanoTime() - begin, failure);
        LockSupport.parkNanos(PAUSE);
      }
    }
  }

  @Override
  public void close() {
    ended = true;
    for (Client client : running) {
      try {
        client.thread.join();
      } catch (InterruptedException ex) {
        Thread.currentThread().interrupt();
      }
    }
    running.clear();
  }
}
