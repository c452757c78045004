package dev.migrator.test.autoconfigure;

import java.util.Set;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.autoconfigure.container.ContainerImageMetadata;
import org.springframework.boot.context.annotation.DeterminableImports;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.type.AnnotationMetadata;

/** Registers the connection to a new database, unless this context has one already. */
final class TestPostgresRegistrar implements ImportBeanDefinitionRegistrar, DeterminableImports {

  private static final String BEAN = "testPostgresConnectionDetails";

  @Override
  public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry beans) {
    if (!beans.containsBeanDefinition(BEAN)) {
      RootBeanDefinition details = new RootBeanDefinition(TestPostgresConnectionDetails.class);
      // By this Spring Boot knows a test's database, and leaves it alone.
      new ContainerImageMetadata("postgres").addTo(details);
      beans.registerBeanDefinition(BEAN, details);
    }
  }

  /** Test classes that differ by other annotations share a context, and so a database. */
  @Override
  public Set<Object> determineImports(AnnotationMetadata metadata) {
    return Set.of(BEAN);
  }
}
