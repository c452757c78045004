package dev.migrator.test.rehearsal;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives the tests of a class a {@link Rehearsal} as a parameter. What the tests of the class begin
 * with is made once.
 *
 * <pre>{@code
 * @RehearsalTest(schema = "classpath:schema.sql", declarations = Migrations.class)
 * class UsersRehearsal {
 *   @Test
 *   void rename(Rehearsal rehearsal) {
 *     assertThat(rehearsal.of("2026-11-22-users-full-name").withRows("users", 100_000))
 *         .neverBlocksLongerThan(Duration.ofMillis(400));
 *   }
 * }
 * }</pre>
 *
 * <p>For more than the annotation can say see {@link RehearsalExtension#of}.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RehearsalExtension.class)
public @interface RehearsalTest {

  /**
   * Classes that declare migrations by methods without parameters, such as the configurations with
   * their beans; see {@link RehearsalBuilder#declareAllOf}.
   */
  Class<?>[] declarations() default {};

  /**
   * Folders of SQL files; see {@link RehearsalBuilder#sqlFiles}. {@code classpath:db/migrator/} if
   * none is given and that is there.
   */
  String[] sqlFiles() default {};

  /**
   * Scripts that make the schema to begin with; see {@link RehearsalBuilder#schema}. {@code
   * classpath:schema.sql} if none is given and that is there.
   */
  String[] schema() default {};

  /**
   * The major version of production's server; see {@link RehearsalBuilder#productionVersion}. 0,
   * the default, if nobody says.
   */
  int productionVersion() default 0;
}
