package dev.migrator.diff;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.core.type.classreading.SimpleMetadataReaderFactory;
import org.springframework.util.ClassUtils;

/** Finds the class that an application starts with, among those that are compiled here. */
final class ApplicationFinder {

  private ApplicationFinder() {}

  /**
   * Finds it.
   *
   * @param name its name; empty if it is to be searched
   * @param classPath whose folders are searched; jars are of others
   */
  static Class<?> find(String name, String classPath) {
    String found = name.isEmpty() ? only(candidates(classPath)) : name;
    try {
      return ClassUtils.forName(found, ApplicationFinder.class.getClassLoader());
    } catch (ClassNotFoundException ex) {
      throw new IllegalArgumentException("there is no class " + found, ex);
    }
  }

  private static String only(List<AnnotationMetadata> candidates) {
    List<AnnotationMetadata> started =
        candidates.stream()
            .filter(
                it ->
                    it.getDeclaredMethods().stream()
                        .anyMatch(method -> method.getMethodName().equals("main")))
            .toList();
    List<AnnotationMetadata> chosen = (candidates.size() > 1) ? started : candidates;
    if (chosen.size() != 1) {
      throw new IllegalArgumentException(
          candidates.isEmpty()
              ? "no class with @SpringBootApplication is in the folders of the class path; say --application=…"
              : "several classes have @SpringBootApplication; say --application=…: "
                  + String.join(
                      ", ", candidates.stream().map(AnnotationMetadata::getClassName).toList()));
    }
    return chosen.get(0).getClassName();
  }

  private static List<AnnotationMetadata> candidates(String classPath) {
    SimpleMetadataReaderFactory readers = new SimpleMetadataReaderFactory();
    List<AnnotationMetadata> found = new ArrayList<>();
    for (String entry : classPath.split(File.pathSeparator)) {
      if (!Files.isDirectory(Path.of(entry))) {
        continue;
      }
      try (Stream<Path> files = Files.walk(Path.of(entry))) {
        for (Path file : files.filter(it -> it.toString().endsWith(".class")).sorted().toList()) {
          AnnotationMetadata type =
              readers.getMetadataReader(new FileSystemResource(file)).getAnnotationMetadata();
          if (type.isAnnotated(SpringBootConfiguration.class.getName())) {
            found.add(type);
          }
        }
      } catch (IOException ex) {
        throw new UncheckedIOException(entry + " cannot be read", ex);
      }
    }
    return found;
  }
}
