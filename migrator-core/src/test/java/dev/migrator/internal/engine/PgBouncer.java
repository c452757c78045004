package dev.migrator.internal.engine;

import dev.migrator.test.Await;
import dev.migrator.test.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** The real transaction pooler, in front of a test's database, where it is installed. */
final class PgBouncer implements AutoCloseable {

  private static final Path PROGRAM = Path.of("/usr/sbin/pgbouncer");

  private final Process process;

  private final int port;

  private final String database;

  private PgBouncer(Process process, int port, String database) {
    this.process = process;
    this.port = port;
    this.database = database;
  }

  static boolean isInstalled() {
    return Files.isExecutable(PROGRAM);
  }

  /** Starts one with so many server connections, fewer than the clients will have. */
  static PgBouncer before(TestDatabase database, int connections) throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path directory = Files.createTempDirectory("pgbouncer");
    // It refuses to run as root, so it becomes somebody who has to read this.
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path configuration = directory.resolve("pgbouncer.ini");
    Files.writeString(
        configuration,
        """
        [databases]
        * = host=%s port=%d user=%s password=%s
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = %d
        unix_socket_dir =
        auth_type = any
        pool_mode = transaction
        default_pool_size = %d
        ignore_startup_parameters = extra_float_digits
        """
            .formatted(
                database.server().host(),
                database.server().port(),
                database.username(),
                database.password(),
                port,
                connections));
    List<String> command = new ArrayList<>(List.of(PROGRAM.toString()));
    if (System.getProperty("user.name").equals("root")) {
      command.addAll(List.of("-u", "nobody"));
    }
    command.add(configuration.toString());
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    Await.until(() -> !process.isAlive() || listens(port), () -> "PgBouncer to listen on " + port);
    return new PgBouncer(process, port, database.name());
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException ex) {
      return false;
    }
  }

  /** Without server-side prepared statements, which older poolers do not carry over. */
  String jdbcUrl() {
    return "jdbc:postgresql://127.0.0.1:%d/%s?prepareThreshold=0&loginTimeout=10"
        .formatted(port, database);
  }

  @Override
  public void close() {
    process.destroy();
  }
}
