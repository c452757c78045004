package dev.migrator.sample;

import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Matches the beans of the release that runs. */
final class OnRelease implements Condition {

  @Override
  public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
    int running = context.getEnvironment().getRequiredProperty("sample.release", Integer.class);
    return metadata.getAnnotations().get(Release.class).getInt("value") == running;
  }
}
