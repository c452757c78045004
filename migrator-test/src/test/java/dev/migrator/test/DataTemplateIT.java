package dev.migrator.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class DataTemplateIT {

  @TempDir private Path servers;

  @TempDir private Path first;

  @TempDir private Path second;

  /** Something may clean up among temporary files while nobody tests. */
  @Test
  void isMadeAgainIfSomeOfItIsGone() throws IOException {
    TestPostgres.server(); // Which has unpacked what it takes.
    assertThat(DataTemplate.copyTo(first, servers)).isTrue();
    assertThat(first.resolve("PG_VERSION")).exists();
    assertThat(first.resolve("postmaster.pid")).doesNotExist();

    Files.delete(template().resolve("PG_VERSION"));
    DataTemplate.copyTo(second, servers);
    assertThat(second.resolve("PG_VERSION")).exists();
    try (Stream<Path> left = Files.list(servers)) {
      assertThat(left.filter(Files::isDirectory)).containsExactly(template());
    }
  }

  private Path template() throws IOException {
    try (Stream<Path> kept = Files.list(servers)) {
      return kept.filter(Files::isDirectory).findFirst().orElseThrow();
    }
  }
}
