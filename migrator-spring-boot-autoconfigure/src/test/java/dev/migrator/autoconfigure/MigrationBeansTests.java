package dev.migrator.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.annotation.Order;

class MigrationBeansTests {

  @Test
  void findsNothing() {
    try (var context = new AnnotationConfigApplicationContext(Empty.class)) {
      assertThat(MigrationBeans.of(context.getBeanFactory())).isEmpty();
    }
  }

  @Test
  void keepsTheOrderOfAnObjectProvider() {
    try (var context = new AnnotationConfigApplicationContext(Several.class)) {
      Map<String, Migration> beans = MigrationBeans.of(context.getBeanFactory());
      assertThat(beans.keySet())
          .containsExactly("first", "second", "made", "plain", "lazy", "last");
      List<Migration> provided = context.getBean(Provided.class).migrations();
      assertThat(beans.values()).containsExactlyElementsOf(provided);
    }
  }

  @Test
  void includesThoseOfTheParentInOneOrder() {
    try (var parent = new AnnotationConfigApplicationContext(Several.class);
        var context = new AnnotationConfigApplicationContext()) {
      context.setParent(parent);
      context.register(Child.class);
      context.refresh();
      assertThat(MigrationBeans.of(context.getBeanFactory()).keySet())
          .containsExactly("first", "child", "second", "made", "plain", "lazy", "last");
    }
  }

  static Migration migration(String id) {
    return Migration.define(id).table("users").addColumn("full_name", "text");
  }

  @Configuration(proxyBeanMethods = false)
  static class Empty {}

  @Configuration(proxyBeanMethods = false)
  static class Several {

    @Bean
    Migration plain() {
      return migration("plain");
    }

    @Bean
    @Order(2)
    Migration second() {
      return migration("second");
    }

    @Bean
    @Order(0)
    Migration first() {
      return migration("first");
    }

    @Bean
    @Lazy
    Migration lazy() {
      return migration("lazy");
    }

    @Bean
    Migration last() {
      return migration("last");
    }

    @Bean(autowireCandidate = false)
    Migration hidden() {
      return migration("hidden");
    }

    @Bean
    Provided provided(ObjectProvider<Migration> migrations) {
      return new Provided(migrations.orderedStream().toList());
    }

    @Bean
    @Order(3)
    MigrationFactoryBean made() {
      return new MigrationFactoryBean();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Child {

    @Bean
    @Order(1)
    Migration child() {
      return migration("child");
    }
  }

  /** What an injected provider gives. */
  record Provided(List<Migration> migrations) {}

  static class MigrationFactoryBean implements FactoryBean<Migration> {

    @Override
    public Migration getObject() {
      return migration("made");
    }

    @Override
    public Class<?> getObjectType() {
      return Migration.class;
    }
  }
}
