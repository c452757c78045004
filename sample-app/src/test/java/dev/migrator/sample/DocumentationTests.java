package dev.migrator.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every piece of Java in the documentation stands in a source file that is compiled and run by
 * tests.
 */
class DocumentationTests {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @Test
  void examplesStandInSourcesThatAreTested() throws IOException {
    List<Path> documents = new ArrayList<>(files(ROOT.resolve("docs"), ".md"));
    documents.add(ROOT.resolve("README.md"));
    String sources = sources();
    int examples = 0;
    for (Path document : documents) {
      Matcher matcher = JAVA.matcher(Files.readString(document));
      while (matcher.find()) {
        examples++;
        assertThat(sources.contains(folded(matcher.group(1))))
            .as("an example of %s that stands in no source file:%n%s", document, matcher.group(1))
            .isTrue();
      }
    }
    assertThat(examples).isGreaterThanOrEqualTo(3);
  }

  private static String sources() throws IOException {
    StringBuilder all = new StringBuilder();
    for (Path module :
        List.of(
            ROOT.resolve("migrator-core"),
            ROOT.resolve("migrator-spring-boot-autoconfigure"),
            ROOT.resolve("sample-app"))) {
      for (Path source : files(module.resolve("src"), ".java")) {
        all.append(folded(Files.readString(source))).append('\n');
      }
    }
    return all.toString();
  }

  private static List<Path> files(Path folder, String ending) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.filter(it -> it.toString().endsWith(ending)).toList();
    } catch (UncheckedIOException ex) {
      throw ex.getCause();
    }
  }

  /** The formatter may break lines elsewhere. */
  private static String folded(String code) {
    return code.replaceAll("\\s+", "");
  }
}
