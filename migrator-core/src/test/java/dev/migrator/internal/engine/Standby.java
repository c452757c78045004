package dev.migrator.internal.engine;

import dev.migrator.test.TestServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A streaming replica of an embedded server, made of its files and run by its binaries. */
final class Standby implements AutoCloseable {

  private final Path data;

  private final Process process;

  private final JdbcClient jdbc;

  private Standby(Path data, Process process, JdbcClient jdbc) {
    this.data = data;
    this.process = process;
    this.jdbc = jdbc;
  }

  static Standby of(TestServer primary) throws IOException, SQLException {
    Path data =
        Files.createTempDirectory(
            "migrator-standby-",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path binary;
    try (Connection connection = primary.dataSource("postgres").getConnection();
        Statement statement = connection.createStatement()) {
      Path source = Path.of(text(statement, "SHOW data_directory"));
      long pid = Long.parseLong(Files.readAllLines(source.resolve("postmaster.pid")).get(0).trim());
      binary = Path.of(ProcessHandle.of(pid).orElseThrow().info().command().orElseThrow());
      boolean old = Integer.parseInt(text(statement, "SHOW server_version_num")) < 150000;
      text(
          statement,
          old
              ? "SELECT pg_start_backup('standby', true, false)"
              : "SELECT pg_backup_start('standby', true)");
      copy(source, data);
      String label =
          text(
              statement,
              old
                  ? "SELECT labelfile FROM pg_stop_backup(false, false)"
                  : "SELECT labelfile FROM pg_backup_stop(false)");
      Files.writeString(data.resolve("backup_label"), label);
    }
    Files.deleteIfExists(data.resolve("postmaster.pid"));
    Files.createFile(data.resolve("standby.signal"));
    int port = freePort();
    Files.writeString(
        data.resolve("postgresql.auto.conf"),
        "primary_conninfo = 'host=localhost port=%d user=%s'\n"
            .formatted(primary.port(), primary.username()));
    List<String> command = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      command.addAll(List.of("unshare", "-U")); // The server refuses to be run by root.
    }
    command.addAll(
        List.of(
            binary.toString(),
            "-D",
            data.toString(),
            "-p",
            String.valueOf(port),
            "-c",
            "hot_standby=on",
            "-c",
            "max_connections=200",
            "-c",
            "unix_socket_directories="));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectErrorStream(true).redirectOutput(data.resolve("log").toFile());
    Process process = builder.start();
    DriverManagerDataSource dataSource =
        new DriverManagerDataSource(
            "jdbc:postgresql://localhost:%d/postgres?loginTimeout=10".formatted(port),
            primary.username(),
            primary.password());
    JdbcClient jdbc = JdbcClient.create(dataSource);
    Standby standby = new Standby(data, process, jdbc);
    Fixture.await(
        () -> standby.answers() && streams(primary), () -> "the standby: " + standby.log());
    return standby;
  }

  /** The server is only asked to, and says when it has. */
  void pauseReplay() {
    jdbc.sql("SELECT pg_wal_replay_pause()").query((rs, row) -> 1).list();
    Fixture.await(
        () ->
            jdbc.sql("SELECT pg_get_wal_replay_pause_state()")
                .query(String.class)
                .single()
                .equals("paused"),
        () -> "the replay to pause: " + log());
  }

  void resumeReplay() {
    jdbc.sql("SELECT pg_wal_replay_resume()").query((rs, row) -> 1).list();
  }

  private boolean answers() {
    try {
      return jdbc.sql("SELECT pg_is_in_recovery()").query(Boolean.class).single();
    } catch (org.springframework.dao.DataAccessException ex) {
      return false;
    }
  }

  private static boolean streams(TestServer primary) {
    return JdbcClient.create(primary.dataSource("postgres"))
        .sql("SELECT count(*) = 1 FROM pg_stat_replication WHERE state = 'streaming'")
        .query(Boolean.class)
        .single();
  }

  private String log() {
    try {
      return Files.readString(data.resolve("log"));
    } catch (IOException ex) {
      return ex.toString();
    }
  }

  private static String text(Statement statement, String sql) throws SQLException {
    try (ResultSet rs = statement.executeQuery(sql)) {
      rs.next();
      return rs.getString(1);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Files may come and go meanwhile; the log of the backup mends what is torn. */
  private static void copy(Path source, Path target) throws IOException {
    Files.walkFileTree(
        source,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            Path copy = target.resolve(source.relativize(directory).toString());
            if (!Files.exists(copy)) {
              Files.createDirectory(copy);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            try {
              Files.copy(file, target.resolve(source.relativize(file).toString()));
            } catch (java.nio.file.NoSuchFileException ex) {
              return FileVisitResult.CONTINUE;
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException ex) {
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException ex) {
      Thread.currentThread().interrupt();
    }
    try (var files = Files.walk(data)) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(it -> it.toFile().delete());
    }
  }
}
