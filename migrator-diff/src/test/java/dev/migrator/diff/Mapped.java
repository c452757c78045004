package dev.migrator.diff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;

/** Applications that are nothing but a mapping, on tables that are there. */
final class Mapped {

  private final List<String> entities;

  private String history = "";

  private String[] properties = {};

  private Mapped(List<String> entities) {
    this.entities = entities;
  }

  static Mapped by(Class<?>... entities) {
    return new Mapped(Arrays.stream(entities).map(Class::getName).toList());
  }

  Mapped on(String sql) {
    history = sql;
    return this;
  }

  Mapped with(String... more) {
    properties = more;
    return this;
  }

  MappingDiff diff() {
    return diff(it -> it);
  }

  MappingDiff diff(UnaryOperator<MigratorDiff> answers) {
    return diff(answers, List.of());
  }

  MappingDiff diff(UnaryOperator<MigratorDiff> answers, List<Migration> migrations) {
    try (TestDatabase database = TestPostgres.newDatabase()) {
      if (!history.isEmpty()) {
        JdbcClient.create(database.dataSource()).sql(history).update();
      }
      try (ConfigurableApplicationContext context = start(database, migrations)) {
        return answers.apply(MigratorDiff.of(context)).run();
      }
    }
  }

  /** What is proposed is compiled, run and compared: nothing is left. */
  MappingDiff settled(UnaryOperator<MigratorDiff> answers) {
    MappingDiff diff = diff(answers);
    assertThat(diff.questions()).as(diff.toText()).isEmpty();
    assertThat(diff.refusals()).as(diff.toText()).isEmpty();
    assertThat(diff.migrations()).as(diff.toText()).isNotEmpty();
    CompiledBeans.of(diff.toSource());
    MappingDiff again = diff(it -> it, CompiledBeans.whole(diff));
    assertThat(again.isEmpty()).as(again.toText()).isTrue();
    return diff;
  }

  MappingDiff settled() {
    return settled(it -> it);
  }

  private ConfigurableApplicationContext start(TestDatabase database, List<Migration> migrations) {
    return new SpringApplicationBuilder(Application.class)
        .web(WebApplicationType.NONE)
        .initializers(
            (ApplicationContextInitializer<GenericApplicationContext>)
                context -> {
                  context.registerBean(
                      PersistenceManagedTypes.class,
                      () -> PersistenceManagedTypes.of(entities, List.of()));
                  for (int i = 0; i < migrations.size(); i++) {
                    Migration each = migrations.get(i);
                    context.registerBean("migration" + i, Migration.class, () -> each);
                  }
                })
        .properties(
            "spring.datasource.url=" + database.jdbcUrl(),
            "spring.datasource.username=" + database.username(),
            "spring.datasource.password=" + database.password(),
            "spring.datasource.hikari.minimum-idle=1",
            "spring.jpa.hibernate.ddl-auto=none",
            "spring.data.jpa.repositories.enabled=false",
            "spring.data.jdbc.repositories.enabled=false",
            "migrator.contract.retention=0s",
            "spring.main.banner-mode=off")
        .properties(properties)
        .run();
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Application {}
}
