package dev.migrator.diff;

import dev.migrator.source.BeanLanguage;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The class that has the beans of a release. */
final class BeanSource {

  private BeanSource() {}

  static String configuration(List<ProposedMigration> migrations, BeanLanguage language) {
    String beans =
        migrations.stream()
            .map(it -> it.releases().get(0).bean().indent(2))
            .collect(Collectors.joining("\n"));
    Stream<String> used =
        Stream.of("OnDelete", "Sync", "TableName")
            .filter(it -> beans.contains(it + ".") || beans.contains(it + "("))
            .map("dev.migrator."::concat);
    Stream<String> always =
        Stream.of(
            "org.springframework.context.annotation.Bean",
            "org.springframework.context.annotation.Configuration");
    String end = (language == BeanLanguage.JAVA) ? ";\n" : "\n";
    String imports =
        Stream.of(Stream.of("dev.migrator.Migration"), used, always)
            .flatMap(it -> it)
            .map(it -> "import " + it + end)
            .collect(Collectors.joining());
    return """
        %s
        @Configuration(proxyBeanMethods = false)
        class MappingMigrations {

        %s}
        """
        .formatted(imports, beans);
  }
}
