package dev.migrator.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.error.InvalidMigrationException;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files are found in a folder. */
class FileLocationsTests {

  @TempDir Path folder;

  private void write(String path, String text) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private List<SourceFile> read(String... locations) {
    return FileLocations.read(List.of(locations), getClass().getClassLoader());
  }

  @Test
  void thoseOfTheFoldersBelowAreFoundWhateverTheyAreCalled() throws IOException {
    write("20260101_a.sql", "SELECT 1");
    write("below/and below/20260102_ä.sql", "SELECT 2");
    write("below/readme.txt", "none");
    Files.createDirectory(folder.resolve("a folder.sql"));
    assertThat(read("file:" + folder))
        .extracting(SourceFile::path)
        .containsExactlyInAnyOrder(
            folder + "/20260101_a.sql", folder + "/below/and below/20260102_ä.sql");
    assertThat(read("file:" + folder + "/"))
        .extracting(it -> new String(it.content(), StandardCharsets.UTF_8))
        .containsExactlyInAnyOrder("SELECT 1", "SELECT 2");
  }

  /** By the class path it is found in another way. */
  @Test
  void whatSeveralLocationsHaveIsOneFile() throws IOException {
    write("sql/be low/20260101 ä.sql", "SELECT 1");
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, null)) {
      assertThat(
              FileLocations.read(
                  List.of("file:" + folder, "file:" + folder.resolve("sql"), "classpath:sql"),
                  loader))
          .hasSize(1);
    }
  }

  @Test
  void whatALinkPointsToIsFound() throws IOException {
    write("elsewhere/20260101_a.sql", "SELECT 1");
    Path linked = Files.createDirectory(folder.resolve("linked"));
    Files.createSymbolicLink(linked.resolve("to"), folder.resolve("elsewhere"));
    Files.createSymbolicLink(linked.resolve("20260102_gone.sql"), folder.resolve("gone.sql"));
    assertThat(read("file:" + linked))
        .extracting(SourceFile::path)
        .containsExactly(linked + "/to/20260101_a.sql");
  }

  /** Kubernetes has each file of a volume in a folder of its own, with links to it. */
  @Test
  void aFileOfAConfigMapIsOneFile() throws IOException {
    write("..2026_11_27/20260101_a.sql", "SELECT 1");
    Files.createSymbolicLink(folder.resolve("..data"), Path.of("..2026_11_27"));
    Files.createSymbolicLink(
        folder.resolve("20260101_a.sql"), Path.of("..data").resolve("20260101_a.sql"));
    assertThat(read("file:" + folder))
        .extracting(SourceFile::path)
        .containsExactly(folder + "/20260101_a.sql");
  }

  /** Who mounts the volume below another name means all that is in it. */
  @Test
  void aLocationMayBeNamedAsThoseFolders() throws IOException {
    write("..data/20260101_a.sql", "SELECT 1");
    assertThat(read("file:" + folder.resolve("..data"))).hasSize(1);
    assertThat(read("file:" + folder.resolve("..data/../..data"))).hasSize(1);
  }

  /** None of its files would be found otherwise, and nobody told. */
  @Test
  void aFolderThatCannotBeReadToItsEndIsRefused() throws IOException {
    write("20260101_a.sql", "SELECT 1");
    Files.createSymbolicLink(folder.resolve("round"), folder);
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(() -> read("file:" + folder))
        .withMessageContainingAll("cannot be read", "round");
  }
}
