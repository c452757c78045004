package dev.migrator;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says that an attribute of an entity or aggregate was mapped to a column of another name until
 * now. It changes nothing by itself: the comparison of the mapping with the migrations, which
 * cannot know, then proposes a change of that column and not a new one.
 *
 * <pre>{@code
 * @RenamedFrom("telephone")
 * private String phone;
 * }</pre>
 *
 * <p>It can stay, and can go when the change is finished.
 */
@Target({ElementType.FIELD, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Repeatable(RenamedFrom.All.class)
public @interface RenamedFrom {

  /**
   * The name that the column had, as PostgreSQL stores it.
   *
   * @return a literal name
   */
  String value();

  /**
   * Which attribute of what is embedded here, as in {@code "address.street"}.
   *
   * @return a path; empty for the attribute that is annotated
   */
  String attribute() default "";

  /** Several of them. */
  @Target({ElementType.FIELD, ElementType.METHOD})
  @Retention(RetentionPolicy.RUNTIME)
  @Documented
  @interface All {

    /**
     * All of them.
     *
     * @return in their order
     */
    RenamedFrom[] value();
  }
}
