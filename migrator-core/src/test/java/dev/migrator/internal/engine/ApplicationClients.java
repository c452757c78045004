package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Writers of several releases on one table. Each writes row by row as its own code does, and has
 * every release that serves read what it wrote.
 */
final class ApplicationClients implements AutoCloseable {

  private static final int ROWS = 40;

  private final JdbcClient jdbc;

  private final List<Client> serving = new CopyOnWriteArrayList<>();

  private final List<String> failures = new CopyOnWriteArrayList<>();

  private final Object[] rows = new Object[ROWS];

  private final AtomicInteger inserted = new AtomicInteger(10_000);

  private final AtomicInteger written = new AtomicInteger();

  ApplicationClients(JdbcClient jdbc) {
    this.jdbc = jdbc;
    for (int i = 0; i < ROWS; i++) {
      rows[i] = new Object();
    }
  }

  /** What the code of a release writes and reads. */
  enum Code {
    OLD(true, false, "name"),
    BOTH_READING_OLD(true, true, "name"),
    BOTH_READING_NEW(true, true, "full_name"),
    NEW(false, true, "full_name");

    private final boolean writesOld;

    private final boolean writesNew;

    private final String reads;

    Code(boolean writesOld, boolean writesNew, String reads) {
      this.writesOld = writesOld;
      this.writesNew = writesNew;
      this.reads = reads;
    }
  }

  Client serve(Code code) {
    Client client = new Client(code);
    serving.add(client);
    client.thread.start();
    // It has done something before anything else happens.
    int before = written.get();
    Fixture.await(() -> written.get() > before + 5 || !failures.isEmpty(), () -> "no writes");
    return client;
  }

  void assertNothingWasLost() {
    assertThat(failures).isEmpty();
    assertThat(written.get()).isPositive();
  }

  @Override
  public void close() {
    serving.forEach(Client::stop);
  }

  final class Client {

    private final Code code;

    private final Thread thread;

    private volatile boolean stopped;

    private Client(Code code) {
      this.code = code;
      this.thread = new Thread(this::run, code.name());
    }

    void stop() {
      stopped = true;
      serving.remove(this);
      try {
        thread.join();
      } catch (InterruptedException ex) {
        Thread.currentThread().interrupt();
      }
    }

    private void run() {
      while (!stopped && failures.isEmpty()) {
        try {
          write();
        } catch (RuntimeException ex) {
          failures.add(code + ": " + ex.getMessage());
        }
      }
    }

    private void write() {
      int row = ThreadLocalRandom.current().nextInt(ROWS);
      String value = code + " " + written.incrementAndGet();
      synchronized (rows[row]) {
        if (row % 4 == 0) {
          int id = inserted.incrementAndGet();
          jdbc.sql("INSERT INTO users (id, " + columns() + ") VALUES (?, " + values() + ")")
              .params(parameters(id, value))
              .update();
          readByAll(id, value);
          return;
        }
        List<Object> parameters = parameters(null, value);
        parameters.add(row);
        jdbc.sql("UPDATE users SET (" + columns() + ") = ROW(" + values() + ") WHERE id = ?")
            .params(parameters)
            .update();
        // Another column moves the row.
        jdbc.sql("UPDATE users SET hits = hits + 1 WHERE id = ?").param(row).update();
        readByAll(row, value);
      }
    }

    private String columns() {
      return !code.writesNew ? "name" : !code.writesOld ? "full_name" : "name, full_name";
    }

    private String values() {
      return columns().contains(",") ? "?, ?" : "?";
    }

    private List<Object> parameters(Integer id, String value) {
      List<Object> parameters = new ArrayList<>();
      if (id != null) {
        parameters.add(id);
      }
      parameters.add(value);
      if (code.writesOld && code.writesNew) {
        parameters.add(value);
      }
      return parameters;
    }

    private void readByAll(int id, String value) {
      for (Client reader : serving) {
        String read =
            jdbc.sql("SELECT " + reader.code.reads + " FROM users WHERE id = ?")
                .param(id)
                .query((rs, row) -> String.valueOf(rs.getString(1)))
                .single();
        if (!read.equals(value) && serving.contains(reader)) {
          failures.add("%s wrote %s, and %s read %s".formatted(code, value, reader.code, read));
        }
      }
    }
  }
}
