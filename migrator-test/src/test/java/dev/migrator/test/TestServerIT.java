package dev.migrator.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestServerIT {

  @Test
  void takesPortAndSettings() throws IOException, SQLException {
    int port = freePort();
    Map<String, String> settings =
        Map.of("work_mem", "7MB", "fsync", "on", "log_line_prefix", "it's %p ");
    try (TestServer server = TestServer.embedded(port, settings);
        TestDatabase database = server.newDatabase()) {
      assertThat(server.port()).isEqualTo(port);
      assertThat(server.jdbcUrl("postgres"))
          .isEqualTo("jdbc:postgresql://localhost:" + port + "/postgres");
      assertThat(TestPostgresIT.query(database, "SHOW work_mem")).isEqualTo("7MB");
      assertThat(TestPostgresIT.query(database, "SHOW fsync")).isEqualTo("on");
      assertThat(TestPostgresIT.query(database, "SHOW log_line_prefix")).isEqualTo("it's %p ");
    }
  }

  @Test
  void serversAreIndependentAndLeaveNothingBehind() throws SQLException {
    TestServer other = TestServer.embedded(Map.of());
    TestDatabase database = other.newDatabase();
    Path data = Path.of(TestPostgresIT.query(database, "SHOW data_directory"));
    assertThat(data).isDirectory();
    assertThat(other.port()).isNotEqualTo(TestPostgres.server().port());

    other.close();

    assertThat(data).doesNotExist();
    assertThatThrownBy(() -> database.dataSource().getConnection())
        .isInstanceOf(SQLException.class);
    try (Connection connection = TestPostgres.server().dataSource("postgres").getConnection()) {
      assertThat(connection.isValid(1)).isTrue();
    }
  }

  @Test
  void refusesAPortInUse() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      assertThatThrownBy(() -> TestServer.embedded(socket.getLocalPort(), Map.of()))
          .hasRootCauseInstanceOf(BindException.class);
    }
  }

  /** However the JVM ends: by itself, by SIGTERM or by SIGKILL. */
  @ParameterizedTest
  @ValueSource(strings = {"exit", "terminate", "kill"})
  @DisabledOnOs(OS.WINDOWS)
  void serverEndsWithItsJvm(String way) throws IOException, InterruptedException {
    Process jvm = jvm(ServerHolder.class);
    try (var out = jvm.inputReader()) {
      Path data = Path.of(out.lines().filter(line -> line.startsWith("/")).findFirst().get());
      int port = Integer.parseInt(Files.readAllLines(data.resolve("postmaster.pid")).get(3));
      new Socket("localhost", port).close();

      switch (way) {
        case "exit" -> jvm.getOutputStream().close();
        case "terminate" -> jvm.destroy();
        default -> jvm.destroyForcibly();
      }

      assertThat(jvm.waitFor(180, TimeUnit.SECONDS)).isTrue();
      Await.until(() -> !Files.exists(data), () -> data + " to be removed");
      assertThatThrownBy(() -> new Socket("localhost", port)).isInstanceOf(ConnectException.class);
    }
  }

  /** Shutdown hooks run at once: those of an application may need the database for long. */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void serverIsThereWhileItsJvmEnds() throws IOException, InterruptedException {
    Process jvm = jvm(LastUse.class);
    try (var out = jvm.inputReader()) {
      assertThat(out.lines()).contains("used to the end");
    }
    assertThat(jvm.waitFor(180, TimeUnit.SECONDS)).isTrue();
  }

  private static Process jvm(Class<?> main) throws IOException {
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-classpath",
                System.getProperty("java.class.path"),
                main.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    // So that what is read from it ends, also if it hangs.
    CompletableFuture.delayedExecutor(3, TimeUnit.MINUTES).execute(jvm::destroyForcibly);
    return jvm;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Holds a server until its input ends. */
  static final class ServerHolder {

    public static void main(String[] args) throws IOException, SQLException {
      TestServer server = TestServer.embedded(Map.of());
      System.out.println(TestPostgresIT.query(server.newDatabase(), "SHOW data_directory"));
      System.in.read();
    }
  }

  /** Uses a server in a shutdown hook, for longer than it takes to stop one. */
  static final class LastUse {

    public static void main(String[] args) {
      TestServer server = TestServer.embedded(Map.of());
      Runtime.getRuntime().addShutdownHook(new Thread(() -> use(server)));
    }

    private static void use(TestServer server) {
      try {
        for (int i = 0; i < 200; i++) {
          server.dataSource("postgres").getConnection().close();
        }
        System.out.println("used to the end");
      } catch (SQLException ex) {
        System.out.println(ex.getMessage());
      }
    }
  }
}
