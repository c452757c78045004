package dev.migrator.autoconfigure;

import dev.migrator.error.ErrorCode;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * Refuses a duration without a unit. Spring Boot would take milliseconds, and a person means
 * something else each time: a column that was to be kept for a day would be dropped at once.
 */
final class DurationsWithUnit extends AbstractBindHandler {

  private static final ConfigurationPropertyName OURS = ConfigurationPropertyName.of("migrator");

  private static final Pattern NUMBER = Pattern.compile("\\s*[+-]?\\d*[1-9]\\d*\\s*");

  DurationsWithUnit(BindHandler parent) {
    super(parent);
  }

  @Override
  public @Nullable Object onSuccess(
      ConfigurationPropertyName name, Bindable<?> target, BindContext context, Object result) {
    ConfigurationProperty property = context.getConfigurationProperty();
    if (property != null
        && target.getType().resolve() == Duration.class
        && OURS.isAncestorOf(name)
        && NUMBER.matcher(String.valueOf(property.getValue())).matches()) {
      throw new IllegalArgumentException(
          "%2$s: a duration needs a unit, such as %1$sms, %1$ss, %1$sm, %1$sh or %1$sd"
              .formatted(String.valueOf(property.getValue()).strip(), ErrorCode.SETTING_INVALID));
    }
    return super.onSuccess(name, target, context, result);
  }
}
