package dev.migrator.test.autoconfigure;

import dev.migrator.test.TestPostgres;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Import;

/**
 * Gives the application context of a test a PostgreSQL database of its own, empty, on the server of
 * {@link TestPostgres}: a container where Docker answers, else an embedded server. Whatever asks
 * Spring Boot for the connection of the application gets it, as with a {@code @ServiceConnection}:
 * the {@code DataSource}, the pool, Liquibase and Flyway. The properties {@code
 * spring.datasource.url}, {@code .username} and {@code .password} are not used, and slices such as
 * {@code @DataJpaTest} do not replace it by an embedded database. It is dropped with the context.
 *
 * <pre>{@code
 * @DataJpaTest
 * @AutoConfigureTestPostgres
 * class CustomersTests {
 *   // ...
 * }
 * }</pre>
 *
 * <p>Also on a configuration class, such as one that many tests import.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@Import(TestPostgresRegistrar.class)
public @interface AutoConfigureTestPostgres {}
