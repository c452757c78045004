package dev.migrator.sample;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Conditional;

/**
 * Marks a bean that belongs to one release. Real releases are separate builds; here one build has
 * all of them, so that they can be read side by side.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Conditional(OnRelease.class)
public @interface Release {

  /**
   * The number of the release.
   *
   * @return the value of {@code sample.release} for which the bean is there
   */
  int value();
}
