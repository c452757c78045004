package dev.migrator.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A local repository with what this build has made, and with all that the local one of the build
 * has: links, so that nothing is copied, and nothing of this build is left there.
 */
final class ReactorRepository {

  private static final Path OURS = Path.of("dev", "migrator");

  private ReactorRepository() {}

  /** Makes one, in the place of one that an earlier build has left. */
  static Path make(Path folder, Path local, Path root, String version) throws IOException {
    delete(folder);
    Files.createDirectories(folder.resolve(OURS));
    link(local, folder, OURS.getName(0));
    if (Files.isDirectory(local.resolve(OURS.getName(0)))) {
      link(local.resolve(OURS.getName(0)), folder.resolve(OURS.getName(0)), OURS.getName(1));
    }
    add(folder, "migrator-parent", version, root.resolve("pom.xml"), ".pom");
    try (Stream<Path> modules = Files.list(root)) {
      for (Path it : modules.filter(each -> Files.exists(each.resolve("pom.xml"))).toList()) {
        String name = it.getFileName().toString();
        Path jar = it.resolve("target").resolve(name + "-" + version + ".jar");
        if (Files.exists(jar)) {
          add(folder, name, version, it.resolve("pom.xml"), ".pom");
          add(folder, name, version, jar, ".jar");
        }
      }
    }
    return folder;
  }

  private static void link(Path from, Path to, Path without) throws IOException {
    try (Stream<Path> entries = Files.list(from)) {
      for (Path it : entries.toList()) {
        if (!it.getFileName().equals(without)) {
          Files.createSymbolicLink(to.resolve(it.getFileName()), it.toAbsolutePath());
        }
      }
    }
  }

  private static void add(Path folder, String name, String version, Path file, String end)
      throws IOException {
    Path target = folder.resolve(OURS).resolve(name).resolve(version);
    Files.createDirectories(target);
    Files.copy(
        file, target.resolve(name + "-" + version + end), StandardCopyOption.REPLACE_EXISTING);
  }

  /** What a link leads to stays. */
  private static void delete(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> walk = Files.walk(folder)) {
      all = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path it : all) {
      Files.delete(it);
    }
  }
}
