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
 * @ConfigurationProperties("schema-owner")
 * HikariDataSource schemaOwner(JdbcConnectionDetails database) {
 *   return DataSourceBuilder.create()
 *       .type(HikariDataSource.class)
 *       .url(database.getJdbcUrl())
 *       .build();
 * }
 * }</pre>
 *
 * <p>{@code defaultCandidate = false} leaves the {@code DataSource} of the application the only one
 * for everything else, and Spring Boot makes that one from {@code spring.datasource}. The starter
 * does the same where it is forgotten, unless the bean is {@code @Primary}.
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
