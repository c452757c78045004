package dev.migrator.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.beans.factory.annotation.Qualifier;

/**
 * Qualifies the {@code DataSource} that migrations use, so that they can run under a role of their
 * own and the role of the application needs no right to alter anything:
 *
 * <pre>{@code
 * @Bean(defaultCandidate = false)
 * @MigratorDataSource
 * DataSource schemaOwner() { … }
 * }</pre>
 *
 * <p>{@code defaultCandidate = false} leaves the {@code DataSource} of the application the only one
 * for everything else. Without it, one of the two is to be {@code @Primary}.
 */
@Target({
  ElementType.FIELD,
  ElementType.METHOD,
  ElementType.PARAMETER,
  ElementType.TYPE,
  ElementType.ANNOTATION_TYPE
})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Qualifier
public @interface MigratorDataSource {}
