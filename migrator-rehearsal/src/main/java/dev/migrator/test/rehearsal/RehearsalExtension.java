package dev.migrator.test.rehearsal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Gives tests of JUnit a {@link Rehearsal}. {@link RehearsalTest} applies it. Reports are written
 * to {@code target/rehearsals}, or to {@code build/rehearsals} where there is no Maven.
 */
public final class RehearsalExtension
    implements BeforeAllCallback, AfterAllCallback, ParameterResolver {

  private static final Namespace NAMESPACE = Namespace.create(RehearsalExtension.class);

  private final @Nullable Consumer<RehearsalBuilder> more;

  /** For {@link RehearsalTest}. */
  public RehearsalExtension() {
    this.more = null;
  }

  private RehearsalExtension(Consumer<RehearsalBuilder> more) {
    this.more = more;
  }

  /**
   * Makes one that is registered in a static field.
   *
   * <pre>{@code
   * @RegisterExtension
   * static final RehearsalExtension rehearsals =
   *     RehearsalExtension.of(it -> it.schema("classpath:schema.sql").declare("rename", RENAME));
   * }</pre>
   *
   * @param setup says what is rehearsed
   * @return the extension
   */
  public static RehearsalExtension of(Consumer<RehearsalBuilder> setup) {
    return new RehearsalExtension(setup);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    RehearsalBuilder builder = Rehearsal.builder().reports(reports());
    annotation(context).ifPresent(it -> apply(it, builder));
    if (more != null) {
      more.accept(builder);
    }
    context.getStore(NAMESPACE).put(Rehearsal.class, builder.build());
  }

  private static Optional<RehearsalTest> annotation(ExtensionContext context) {
    return AnnotationSupport.findAnnotation(context.getRequiredTestClass(), RehearsalTest.class);
  }

  private static void apply(RehearsalTest test, RehearsalBuilder to) {
    to.declareAllOf(test.declarations())
        .sqlFiles(orElse(test.sqlFiles(), "db/migrator/"))
        .schema(orElse(test.schema(), "schema.sql"));
    if (test.productionVersion() > 0) {
      to.productionVersion(test.productionVersion());
    }
  }

  private static String[] orElse(String[] given, String usual) {
    boolean there =
        given.length == 0 && RehearsalExtension.class.getClassLoader().getResource(usual) != null;
    return there ? new String[] {"classpath:" + usual} : given;
  }

  private static Path reports() {
    boolean gradle = !Files.exists(Path.of("pom.xml")) && Files.exists(Path.of("build"));
    return Path.of(gradle ? "build" : "target", "rehearsals");
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Rehearsal.class;
  }

  @Override
  public Rehearsal resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Rehearsal rehearsal = context.getStore(NAMESPACE).get(Rehearsal.class, Rehearsal.class);
    if (rehearsal == null) {
      throw new RehearsalException(
          "a RehearsalExtension is registered in a static field, so that what the tests begin with is made once");
    }
    return rehearsal;
  }

  @Override
  public void afterAll(ExtensionContext context) {
    Rehearsal rehearsal = context.getStore(NAMESPACE).remove(Rehearsal.class, Rehearsal.class);
    if (rehearsal != null) {
      rehearsal.close();
    }
  }
}
