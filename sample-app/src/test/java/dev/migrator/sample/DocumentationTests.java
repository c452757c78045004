package dev.migrator.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documentation agrees with the sources, and its links lead somewhere. */
class DocumentationTests {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]*)(?:#([^)]+))?\\)");

  private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);

  /** Each piece of Java stands in a source file that is compiled and run by tests. */
  @Test
  void examplesStandInSourcesThatAreTested() throws IOException {
    String sources = sources();
    int examples = 0;
    for (Path document : documents()) {
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

  @Test
  void linksLeadToFilesAndHeadings() throws IOException {
    for (Path document : documents()) {
      Matcher link = LINK.matcher(Files.readString(document));
      while (link.find()) {
        Path target =
            link.group(1).isEmpty() ? document : document.resolveSibling(link.group(1)).normalize();
        assertThat(target).as("%s in %s", link.group(), document).exists();
        if (link.group(2) != null) {
          assertThat(anchors(target)).as("in %s", document).contains(link.group(2));
        }
      }
    }
  }

  private static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>(files(ROOT.resolve("docs"), ".md"));
    for (String name : List.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md")) {
      documents.add(ROOT.resolve(name));
    }
    return documents;
  }

  private static List<String> anchors(Path document) throws IOException {
    return HEADING
        .matcher(Files.readString(document))
        .results()
        .map(it -> it.group(1).toLowerCase(Locale.ROOT))
        .map(it -> it.replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'))
        .toList();
  }

  private static String sources() throws IOException {
    StringBuilder all = new StringBuilder();
    for (Path module :
        List.of(
            ROOT.resolve("migrator-core"),
            ROOT.resolve("migrator-rehearsal"),
            ROOT.resolve("migrator-check"),
            ROOT.resolve("migrator-diff"),
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
