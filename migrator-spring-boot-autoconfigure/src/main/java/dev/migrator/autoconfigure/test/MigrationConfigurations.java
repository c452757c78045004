package dev.migrator.autoconfigure.test;

import dev.migrator.Migration;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.annotation.AnnotatedGenericBeanDefinition;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.TypeExcludeFilter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.core.type.MethodMetadata;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.MetadataReaderFactory;
import org.springframework.util.ClassUtils;

/**
 * Registers the configurations that declare a {@link Migration} bean, as they are, from the
 * packages that the application scans. What belongs to another test is left out, as in every
 * component scan.
 */
final class MigrationConfigurations implements ImportBeanDefinitionRegistrar {

  /** Spring Boot registers it in each context of a test, by its name; it is not public. */
  private static final String OF_TESTS =
      "org.springframework.boot.test.context.filter.TestTypeExcludeFilter";

  private final BeanFactory beanFactory;

  private final Environment environment;

  private final ResourceLoader resourceLoader;

  private final ClassLoader classLoader;

  MigrationConfigurations(
      BeanFactory beanFactory,
      Environment environment,
      ResourceLoader resourceLoader,
      ClassLoader classLoader) {
    this.beanFactory = beanFactory;
    this.environment = environment;
    this.resourceLoader = resourceLoader;
    this.classLoader = classLoader;
  }

  @Override
  public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry beans) {
    ClassPathScanningCandidateComponentProvider scanner =
        new ClassPathScanningCandidateComponentProvider(false, environment);
    scanner.setResourceLoader(resourceLoader);
    scanner.addIncludeFilter((reader, factory) -> declaresMigrations(reader));
    scanner.addExcludeFilter(this::isOfTests);
    for (String each : packages(beans)) {
      for (BeanDefinition found : scanner.findCandidateComponents(each)) {
        register(Objects.requireNonNull(found.getBeanClassName()), beans);
      }
    }
  }

  /** An application that scans nothing imports what it has, and a test leaves no import out. */
  private Set<String> packages(BeanDefinitionRegistry beans) {
    Set<String> packages = new LinkedHashSet<>();
    for (String name : beans.getBeanDefinitionNames()) {
      if (beans.getBeanDefinition(name) instanceof AnnotatedBeanDefinition bean
          && bean.getFactoryMethodMetadata() == null
          && bean.getMetadata().isAnnotated(ComponentScan.class.getName())) {
        Class<?> type = ClassUtils.resolveClassName(bean.getMetadata().getClassName(), classLoader);
        MergedAnnotations.from(type, SearchStrategy.TYPE_HIERARCHY).stream(ComponentScan.class)
            .forEach(it -> packages.addAll(packages(it, type)));
      }
    }
    return packages;
  }

  private List<String> packages(MergedAnnotation<ComponentScan> scan, Class<?> type) {
    List<String> named =
        Stream.concat(
                Arrays.stream(scan.getStringArray("basePackages"))
                    .map(environment::resolvePlaceholders),
                Arrays.stream(scan.getClassArray("basePackageClasses")).map(Class::getPackageName))
            .toList();
    return named.isEmpty() ? List.of(type.getPackageName()) : named;
  }

  private void register(String className, BeanDefinitionRegistry beans) {
    boolean known =
        Arrays.stream(beans.getBeanDefinitionNames())
            .anyMatch(it -> className.equals(beans.getBeanDefinition(it).getBeanClassName()));
    if (!known) {
      beans.registerBeanDefinition(
          className,
          new AnnotatedGenericBeanDefinition(ClassUtils.resolveClassName(className, classLoader)));
    }
  }

  private boolean declaresMigrations(MetadataReader reader) {
    AnnotationMetadata type = reader.getAnnotationMetadata();
    return type.isAnnotated(Configuration.class.getName())
        && !type.isAnnotated(SpringBootConfiguration.class.getName())
        && !type.isAnnotated(AutoConfiguration.class.getName())
        && type.getAnnotatedMethods(Bean.class.getName()).stream().anyMatch(this::isMigration);
  }

  /** Each stage of the builder is a migration, too. */
  private boolean isMigration(MethodMetadata bean) {
    String type = bean.getReturnTypeName();
    return type.startsWith(Migration.class.getPackageName() + ".")
        && ClassUtils.isPresent(type, classLoader)
        && Migration.class.isAssignableFrom(ClassUtils.resolveClassName(type, classLoader));
  }

  private boolean isOfTests(MetadataReader reader, MetadataReaderFactory factory)
      throws IOException {
    return beanFactory.containsBean(OF_TESTS)
        && beanFactory.getBean(OF_TESTS, TypeExcludeFilter.class).match(reader, factory);
  }
}
