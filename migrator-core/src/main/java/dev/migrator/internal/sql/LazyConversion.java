package dev.migrator.internal.sql;

import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.core.convert.support.DefaultConversionService;

/**
 * Converts what the driver gives as Spring does otherwise, whose converters are loaded by the first
 * value that is not what was asked for: a start with nothing to do needs none.
 */
final class LazyConversion implements ConversionService {

  @Override
  public boolean canConvert(@Nullable Class<?> source, Class<?> target) {
    return isThere(source, target) || all().canConvert(source, target);
  }

  @Override
  public boolean canConvert(@Nullable TypeDescriptor source, TypeDescriptor target) {
    return all().canConvert(source, target);
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T> @Nullable T convert(@Nullable Object source, Class<T> target) {
    return (source != null && target.isInstance(source))
        ? (T) source
        : all().convert(source, target);
  }

  @Override
  public @Nullable Object convert(
      @Nullable Object source, @Nullable TypeDescriptor sourceType, TypeDescriptor target) {
    return all().convert(source, sourceType, target);
  }

  private static boolean isThere(@Nullable Class<?> source, Class<?> target) {
    return source != null && target.isAssignableFrom(source);
  }

  private static ConversionService all() {
    return DefaultConversionService.getSharedInstance();
  }
}
