package dev.migrator.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class DataTemplateIT {

  @TempDir private static Path servers;

  @TempDir private Path first;

  @TempDir private Path second;

  @BeforeAll
  static void unpack() {
    TestPostgres.server(); // An embedded one has unpacked what this takes.
  }

  @BeforeEach
  void make() throws IOException {
    assertThat(DataTemplate.copyTo(first, servers)).isTrue();
  }

  @Test
  void isThatOfAServerThatHasStopped() throws IOException {
    assertThat(first.resolve("PG_VERSION")).exists();
    assertThat(first.resolve("postmaster.pid")).doesNotExist();
    assertThat(templates()).hasSize(1);
  }

  /** Something may clean up among temporary files while nobody tests. */
  @Test
  void isMadeAgainIfSomeOfItIsGone() throws IOException {
    Files.delete(templates().get(0).resolve("PG_VERSION"));
    assertIsMadeAgain();
  }

  /** As a machine that crashes may leave it. */
  @Test
  void isMadeAgainIfSomeOfItWasNotWritten() throws IOException {
    Files.write(templates().get(0).resolve("PG_VERSION"), new byte[0]);
    assertIsMadeAgain();
  }

  /** When all processes end at once, the one that removes what was being made ends with them. */
  @Test
  void whatOthersHaveLeftIsRemoved() throws IOException {
    Path template = templates().get(0);
    Path left = Files.createDirectory(servers.resolve(template.getFileName() + "-123"));
    Files.createFile(left.resolve("PG_VERSION"));
    Files.delete(template.resolve("PG_VERSION"));
    assertIsMadeAgain();
  }

  /** Nobody could unpack it any more: links are there whose targets are not. */
  @Test
  void ofAServerThatIsUnpackedInPartNothingStays() throws IOException {
    Path part = unpacked("PG-part");
    Path whole = unpacked("PG-whole");
    Files.createFile(whole.resolve(".exists"));
    Path busy = unpacked("PG-busy");
    Files.delete(templates().get(0).resolve("PG_VERSION"));
    try (FileChannel lock =
            FileChannel.open(
                busy.resolve("epg-lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var held = lock.lock()) {
      assertIsMadeAgain();
    }
    assertThat(part.resolve("lib")).doesNotExist();
    assertThat(whole.resolve("lib/libpq.so")).isSymbolicLink();
    assertThat(busy.resolve("lib/libpq.so")).isSymbolicLink();
  }

  private static Path unpacked(String name) throws IOException {
    Path server = servers.resolve(name);
    Files.createDirectories(server.resolve("lib"));
    Files.createSymbolicLink(server.resolve("lib/libpq.so"), Path.of("libpq.so.5"));
    return server;
  }

  private void assertIsMadeAgain() throws IOException {
    assertThat(DataTemplate.copyTo(second, servers)).isTrue();
    assertThat(second.resolve("PG_VERSION")).isNotEmptyFile();
    assertThat(templates()).hasSize(1);
  }

  /** Somebody may take it away, or make it anew, while it is copied. */
  @Test
  void nothingStaysOfACopyThatIsNotTheWhole() throws IOException {
    Files.createFile(second.resolve("other"));
    assertThat(DataTemplate.copyTo(second, servers)).isFalse();
    assertThat(second).isEmptyDirectory();
  }

  /** A server starts without it: there may be no room, or a file of somebody else. */
  @Test
  void nothingIsCopiedIfItCannotBeMade() throws IOException {
    Path template = templates().get(0);
    Path lock = servers.resolve("templates.lock");
    Files.delete(template.resolve("PG_VERSION"));
    Files.delete(lock);
    Files.createDirectory(lock);
    try {
      assertThat(DataTemplate.copyTo(second, servers)).isFalse();
      assertThat(second).isEmptyDirectory();
    } finally {
      Files.delete(lock);
    }
  }

  @Test
  void nothingStaysOfACopyThatFails() throws IOException {
    Files.createDirectory(second.resolve("PG_VERSION"));
    assertThat(DataTemplate.copyTo(second, servers)).isFalse();
    assertThat(second).isEmptyDirectory();
  }

  /** Without the servers that are unpacked there. */
  private List<Path> templates() throws IOException {
    try (Stream<Path> kept = Files.list(servers)) {
      return kept.filter(it -> it.getFileName().toString().startsWith("template-"))
          .filter(Files::isDirectory)
          .toList();
    }
  }
}
