package dev.migrator.internal.file;

import dev.migrator.error.ErrorCode;
import dev.migrator.error.InvalidMigrationException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
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
    String root = classpath ? folder.substring(CLASSPATH.length()).replaceFirst("^/+", "") : folder;
    try {
      if (!classpath && !resolver.getResource(folder + "/").exists()) {
        throw new FileNotFoundException("there is no such folder");
      }
      String pattern = classpath ? "classpath*:" + root + "/**/*.sql" : root + "/**/*.sql";
      for (Resource resource : resolver.getResources(pattern)) {
        files.put(resource.getURL().toString(), source(path(resource, root, classpath), resource));
      }
    } catch (IOException ex) {
      throw new InvalidMigrationException(
          ErrorCode.LOCATION_INVALID,
          "the location \"%s\" of SQL files (migrator.locations) cannot be read: %s"
              .formatted(location, ex.getMessage()));
    }
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
  private static String path(Resource resource, String root, boolean classpath) throws IOException {
    String url = StringUtils.uriDecode(resource.getURL().toString(), StandardCharsets.UTF_8);
    int at = classpath ? url.lastIndexOf("/" + root + "/") : -1;
    return (at < 0) ? url.replaceFirst("^file:", "") : url.substring(at + 1);
  }
}
