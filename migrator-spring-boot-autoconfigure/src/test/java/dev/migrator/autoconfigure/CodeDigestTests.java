package dev.migrator.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodeDigestTests {

  @TempDir private Path folder;

  @Test
  void differsByTheCodeOfAJar() throws IOException {
    String digest = digest(jar("first"));
    assertThat(digest(jar("other"))).isNotEqualTo(digest).matches("[0-9a-f]{8}");
    assertThat(digest(jar("first"))).isEqualTo(digest);
  }

  @Test
  void differsByTheCodeOfAFolder() throws IOException {
    Files.writeString(folder.resolve("A.class"), "first");
    String digest = digest(folder);
    Files.writeString(folder.resolve("A.class"), "other");
    assertThat(digest(folder)).isNotEqualTo(digest);
    Files.writeString(folder.resolve("A.class"), "first");
    assertThat(digest(folder)).isEqualTo(digest);
  }

  @Test
  void isThereWithoutAnyCode() {
    assertThat(digest(folder.resolve("none.jar"))).matches("[0-9a-f]{8}");
  }

  /** At the same time, as reproducible builds are. */
  private Path jar(String content) throws IOException {
    Path jar = folder.resolve("app.jar");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      ZipEntry entry = new ZipEntry("A.class");
      entry.setTime(0);
      zip.putNextEntry(entry);
      zip.write(content.getBytes());
    }
    return jar;
  }

  private static String digest(Path source) {
    return new CodeDigest(source.toFile(), List.of()).digest();
  }
}
