package dev.migrator.autoconfigure;

import dev.migrator.Migration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.SimpleAutowireCandidateResolver;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * The {@link Migration} beans of a context and its parents, by name and in the order of an {@code
 * ObjectProvider}. An {@code ObjectProvider} itself does not provide the names, which every message
 * about a migration needs.
 */
final class MigrationBeans {

  private MigrationBeans() {}

  static Map<String, Migration> of(ConfigurableListableBeanFactory beanFactory) {
    Map<String, Migration> found =
        SimpleAutowireCandidateResolver.resolveAutowireCandidates(
            beanFactory, Migration.class, true, true);
    Map<String, Migration> sorted = new LinkedHashMap<>();
    found.entrySet().stream()
        .sorted(Comparator.comparingInt(entry -> order(entry.getKey(), beanFactory)))
        .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
    return sorted;
  }

  private static int order(String name, ConfigurableListableBeanFactory beanFactory) {
    BeanFactory parent = beanFactory.getParentBeanFactory();
    if (!beanFactory.containsLocalBean(name)
        && parent instanceof ConfigurableListableBeanFactory ancestor) {
      return order(name, ancestor);
    }
    if (beanFactory.containsBeanDefinition(name)) {
      BeanDefinition definition = beanFactory.getMergedBeanDefinition(name);
      if (definition.getAttribute(AbstractBeanDefinition.ORDER_ATTRIBUTE)
          instanceof Integer order) {
        return order;
      }
    }
    Order order = beanFactory.findAnnotationOnBean(name, Order.class);
    return (order != null) ? order.value() : Ordered.LOWEST_PRECEDENCE;
  }
}
