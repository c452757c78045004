package dev.migrator.autoconfigure;

import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanNameGenerator;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Makes no {@code DataSource} that is marked with {@link MigratorDataSource} a candidate for
 * others, as if it had {@code defaultCandidate = false}. Otherwise Spring Boot would make none for
 * the application, and the whole application would connect with the rights of the migrations.
 *
 * <p>One that is {@code @Primary} as well stays what its declaration says.
 */
final class MarkedDataSources implements ImportBeanDefinitionRegistrar, BeanFactoryAware {

  private @Nullable ListableBeanFactory beans;

  @Override
  public void setBeanFactory(BeanFactory beanFactory) {
    beans = (beanFactory instanceof ListableBeanFactory listable) ? listable : null;
  }

  @Override
  public void registerBeanDefinitions(
      AnnotationMetadata importing, BeanDefinitionRegistry registry, BeanNameGenerator names) {
    if (beans == null) {
      return;
    }
    for (String name : beans.getBeanNamesForType(DataSource.class, true, false)) {
      if (registry.containsBeanDefinition(name)
          && registry.getBeanDefinition(name) instanceof AbstractBeanDefinition definition
          && !definition.isPrimary()
          && beans.findAnnotationOnBean(name, MigratorDataSource.class, false) != null) {
        definition.setDefaultCandidate(false);
      }
    }
  }
}
