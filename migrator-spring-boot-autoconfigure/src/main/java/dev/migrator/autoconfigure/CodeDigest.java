package dev.migrator.autoconfigure;

import dev.migrator.Migration;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.system.ApplicationHome;

/**
 * A short digest of the application's jar, or of its folder of classes, and of the migrations that
 * it declares. Of a jar only the table of contents is read, which has a checksum of each file.
 */
final class CodeDigest {

  private static final Logger logger = LoggerFactory.getLogger(CodeDigest.class);

  private final @Nullable File source;

  private final List<Migration> migrations;

  CodeDigest(@Nullable File source, Collection<Migration> migrations) {
    this.source = source;
    this.migrations = List.copyOf(migrations);
  }

  /** Of the application that runs: of where its main configuration class is. */
  static CodeDigest of(ListableBeanFactory beanFactory, Collection<Migration> migrations) {
    Class<?> main =
        Stream.of(beanFactory.getBeanNamesForAnnotation(SpringBootConfiguration.class))
            .map(beanFactory::getType)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
    return new CodeDigest(new ApplicationHome(main).getSource(), migrations);
  }

  String digest() {
    CRC32 digest = new CRC32();
    for (Migration migration : migrations) {
      add(digest, migration.id() + ' ' + migration.declares() + ' ' + migration.operations());
    }
    try {
      if (source != null && source.isDirectory()) {
        addFolder(digest, source.toPath());
      } else if (source != null && source.isFile()) {
        addJar(digest, source);
      }
    } catch (IOException | UncheckedIOException ex) {
      logger.debug("the code of the application cannot be read", ex);
    }
    return "%08x".formatted(digest.getValue());
  }

  private static void addJar(CRC32 digest, File file) throws IOException {
    try (JarFile jar = new JarFile(file)) {
      jar.stream().forEach(it -> add(digest, it.getName() + ' ' + it.getCrc()));
    }
  }

  private static void addFolder(CRC32 digest, Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        add(digest, folder.relativize(file).toString());
        digest.update(Files.readAllBytes(file));
      }
    }
  }

  private static void add(CRC32 digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
  }
}
