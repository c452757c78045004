package dev.migrator.diff;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Java source of beans. */
final class JavaSource {

  private JavaSource() {}

  /** The name of a bean, from the id behind its date. */
  private static String name(String id) {
    String[] parts = id.replaceFirst("^\\d{4}-\\d\\d-\\d\\d-", "").split("[^A-Za-z0-9]+");
    String name =
        Arrays.stream(parts)
            .filter(it -> !it.isEmpty())
            .map(it -> it.substring(0, 1).toUpperCase(Locale.ROOT) + it.substring(1))
            .collect(Collectors.joining());
    return Character.isDigit(name.charAt(0))
        ? "change" + name
        : Character.toLowerCase(name.charAt(0)) + name.substring(1);
  }

  /** A method that declares a bean. */
  static String bean(String id, List<String> chain) {
    StringBuilder source =
        new StringBuilder(
            """
            @Bean
            Migration %s() {
              return Migration.define(%s)"""
                .formatted(name(id), string(id)));
    chain.forEach(it -> source.append("\n      ").append(it));
    return source.append(";\n}").toString();
  }

  /** A class with the beans of this release. */
  static String configuration(List<ProposedMigration> migrations) {
    String beans =
        migrations.stream()
            .map(it -> it.releases().get(0).bean().indent(2))
            .collect(Collectors.joining("\n"));
    StringBuilder imports = new StringBuilder("import dev.migrator.Migration;\n");
    for (String each : List.of("OnDelete", "Sync", "TableName")) {
      if (beans.contains(each + ".") || beans.contains("new " + each)) {
        imports.append("import dev.migrator.").append(each).append(";\n");
      }
    }
    return """
        %simport org.springframework.context.annotation.Bean;
        import org.springframework.context.annotation.Configuration;

        @Configuration(proxyBeanMethods = false)
        class MappingMigrations {

        %s}
        """
        .formatted(imports, beans);
  }

  static String string(String text) {
    return '"'
        + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\r", "\\r")
        + '"';
  }

  static String strings(List<String> texts) {
    return texts.stream().map(JavaSource::string).collect(Collectors.joining(", "));
  }
}
