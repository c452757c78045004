package dev.migrator.internal.file;

import dev.migrator.error.ErrorCode;
import dev.migrator.error.InvalidMigrationException;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.util.StringUtils;

/** Finds the SQL files of some locations, with those of the folders below. */
public final class FileLocations {

  private static final String CLASSPATH = "classpath:";

  private static final String FILE = "file:";

  private FileLocations() {}

  /**
   * Reads the files.
   *
   * @param locations folders, such as {@code classpath:db/migrator/} or {@code file:/etc/shop/sql}
   * @throws InvalidMigrationException if a location is not one, or cannot be read
   */
  public static List<SourceFile> read(List<String> locations, @Nullable ClassLoader classLoader) {
    if (locations.isEmpty()) {
      return List.of();
    }
    Map<String, SourceFile> files = new TreeMap<>();
    PathMatchingResourcePatternResolver resolver =
        new PathMatchingResourcePatternResolver(classLoader);
    for (String location : locations) {
      read(location, resolver, files);
    }
    return List.copyOf(files.values());
  }

  /** Two jars may have a file of the same path, which are two files then. */
  private static void read(
      String location,
      PathMatchingResourcePatternResolver resolver,
      Map<String, SourceFile> files) {
    boolean classpath = location.startsWith(CLASSPATH);
    if (!classpath && !location.startsWith(FILE)) {
      throw new InvalidMigrationException(
          ErrorCode.LOCATION_INVALID,
          "the location \"%s\" of SQL files (migrator.locations) must begin with classpath: or file:"
              .formatted(location));
    }
    String folder = StringUtils.trimTrailingCharacter(location, '/');
    try {
      if (!classpath) {
        Resource root = resolver.getResource(folder + "/");
        if (!root.exists()) {
          throw new FileNotFoundException("there is no such folder");
        }
        walk(root.getFile().toPath().toAbsolutePath(), files);
        return;
      }
      String root = folder.substring(CLASSPATH.length()).replaceFirst("^/+", "");
      for (Resource resource : resolver.getResources("classpath*:" + root + "/**/*.sql")) {
        files.put(resource.getURL().toString(), source(path(resource, root), resource));
      }
    } catch (IOException ex) {
      throw new InvalidMigrationException(
          ErrorCode.LOCATION_INVALID,
          "the location \"%s\" of SQL files (migrator.locations) cannot be read: %s"
              .formatted(location, ex.getMessage()));
    }
  }

  /**
   * Of a folder. There may be thousands, each of which is opened once and asked for nothing else.
   * Folders whose names begin with two dots are those in which Kubernetes keeps what its links in
   * the folder itself stand for.
   */
  private static void walk(Path folder, Map<String, SourceFile> files) throws IOException {
    Files.walkFileTree(
        folder,
        EnumSet.of(FileVisitOption.FOLLOW_LINKS),
        Integer.MAX_VALUE,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path below, BasicFileAttributes found) {
            boolean kept = !below.equals(folder) && below.getFileName().toString().startsWith("..");
            return kept ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes found)
              throws IOException {
            if (found.isRegularFile() && file.toString().endsWith(".sql")) {
              String path = path(file);
              files.put(url(path), source(path, file, found.size()));
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** As in its URL. */
  private static String path(Path file) {
    String path = file.toString().replace(File.separatorChar, '/');
    return path.startsWith("/") ? path : "/" + path;
  }

  /** As that of one that is found on the class path as well, which is the same file then. */
  private static String url(String path) throws IOException {
    try {
      return new URI("file", null, path, null).toASCIIString();
    } catch (URISyntaxException ex) {
      throw new IOException(ex);
    }
  }

  private static SourceFile source(String path, Path file, long size) throws IOException {
    return (size > SourceFile.LARGE)
        ? SourceFile.large(path, size, () -> Files.newInputStream(file))
        : new SourceFile(path, Files.readAllBytes(file));
  }

  private static SourceFile source(String path, Resource resource) throws IOException {
    long size = resource.contentLength();
    if (size > SourceFile.LARGE) {
      return SourceFile.large(path, size, resource::getInputStream);
    }
    try (InputStream in = resource.getInputStream()) {
      return new SourceFile(path, in.readAllBytes());
    }
  }

  /** As a person would write it, without the jar or the build's folder that it is in. */
  private static String path(Resource resource, String root) throws IOException {
    String url = StringUtils.uriDecode(resource.getURL().toString(), StandardCharsets.UTF_8);
    int at = url.lastIndexOf("/" + root + "/");
    return (at < 0) ? url.replaceFirst("^file:", "") : url.substring(at + 1);
  }
}
