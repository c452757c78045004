package dev.migrator.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTests {

  @TempDir private Path directory;

  @Test
  void isInMemoryWhereThereIsRoom() throws Exception {
    assertThat(DataDirectory.parent(null, directory, 1)).isEqualTo(directory);
    assertThat(DataDirectory.parent(null, directory, Long.MAX_VALUE)).isNull();
  }

  @Test
  void isAmongTheTemporaryFilesWhereThereIsNoSuchPlace() throws Exception {
    assertThat(DataDirectory.parent(null, directory.resolve("none"), 1)).isNull();
  }

  @Test
  void isWhereItIsSaidToBe() throws Exception {
    assertThat(DataDirectory.parent(directory.toString(), Path.of("/none"), Long.MAX_VALUE))
        .isEqualTo(directory);
  }
}
