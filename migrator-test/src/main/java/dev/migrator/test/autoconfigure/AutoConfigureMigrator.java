package dev.migrator.test.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.autoconfigure.jdbc.AutoConfigureDataSourceInitialization;

/**
 * Adds a database with its tables to a test whose slice has none, such as {@code @WebMvcTest}: the
 * {@code DataSource}, then Liquibase, Flyway, scripts and the migrations, as the whole application
 * has them. Migrations are found in the packages of the application. Those slices that are about a
 * database ({@code @DataJpaTest}, {@code @DataJdbcTest}, {@code @JdbcTest}, {@code @JooqTest}) have
 * all this by themselves.
 *
 * <pre>{@code
 * @WebMvcTest
 * @AutoConfigureMigrator
 * @AutoConfigureTestPostgres
 * class CustomerControllerTests {
 *   // ...
 * }
 * }</pre>
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ImportAutoConfiguration
@AutoConfigureDataSourceInitialization
public @interface AutoConfigureMigrator {}
