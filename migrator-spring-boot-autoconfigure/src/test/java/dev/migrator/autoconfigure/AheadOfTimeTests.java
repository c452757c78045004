package dev.migrator.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.autoconfigure.actuate.endpoint.MigrationDescriptor;
import dev.migrator.autoconfigure.actuate.endpoint.RefusalDescriptor;
import org.junit.jupiter.api.Test;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;

class AheadOfTimeTests {

  @Test
  void anApplicationCanBeProcessedAheadOfTime() {
    var files = new InMemoryGeneratedFiles();
    var generation =
        new DefaultGenerationContext(
            new ClassNameGenerator(ClassName.get("test", "Application")), files);
    try (var context = new AnnotationConfigServletWebServerApplicationContext()) {
      TestPropertyValues.of("management.endpoints.web.exposure.include=migrator").applyTo(context);
      context.register(UsersApplication.class);
      new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
    }
    generation.writeGeneratedContent();

    RuntimeHints hints = generation.getRuntimeHints();
    assertThat(RuntimeHintsPredicates.reflection().onType(MigrationDescriptor.class))
        .accepts(hints);
    assertThat(RuntimeHintsPredicates.reflection().onType(RefusalDescriptor.class)).accepts(hints);
  }
}
