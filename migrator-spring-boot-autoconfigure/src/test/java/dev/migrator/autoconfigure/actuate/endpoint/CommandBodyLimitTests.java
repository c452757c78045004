package dev.migrator.autoconfigure.actuate.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.autoconfigure.FakeMigrator;
import dev.migrator.autoconfigure.Http;
import dev.migrator.autoconfigure.Http.Answer;
import dev.migrator.autoconfigure.Statuses;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;

/** On the port of the application, on one of its own, and where the application maps its paths. */
class CommandBodyLimitTests {

  private static final String LONG =
      "{\"action\":\"pause\",\"x\":\"%s\"}".formatted("x".repeat(50_000));

  private final FakeMigrator migrator = new FakeMigrator().with(Statuses.backfilling());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spring.application.name=same",
        "management.server.port=0",
        "spring.mvc.servlet.path=/app",
        "management.endpoints.web.path-mapping.migrator=changes",
        "management.endpoints.web.base-path=/"
      })
  void longerThanAnyCommand(String property) {
    try (Http http = start(property)) {
      String path =
          (property.contains("servlet") ? "/app" : "")
              + (property.contains("base-path") ? "/" : "/actuator/")
              + (property.contains("mapping") ? "changes" : "migrator")
              + "/full-name";
      Answer refused = http.onManagementPort(path, LONG);
      assertThat(refused.status()).isEqualTo(413);
      assertThat(refused.body()).contains("MIG-", "at most 4096 bytes");
      assertThat(migrator.commands).isEmpty();
      assertThat(http.onManagementPort(path, "{\"action\":\"pause\"}").status()).isEqualTo(202);
      assertThat(migrator.commands).containsExactly(OperatorCommand.PAUSE);
    }
  }

  private Http start(String property) {
    ApplicationContextInitializer<ConfigurableApplicationContext> fake =
        context -> {
          if (context.getParent() == null) {
            ((GenericApplicationContext) context)
                .registerBean("migrator", Migrator.class, () -> migrator);
          }
        };
    return new Http(
        new SpringApplicationBuilder(Application.class)
            .initializers(fake)
            .properties(
                "server.port=0",
                "management.endpoints.web.exposure.include=migrator",
                "management.endpoint.migrator.access=unrestricted")
            .properties(property)
            .run());
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
  static class Application {}
}
