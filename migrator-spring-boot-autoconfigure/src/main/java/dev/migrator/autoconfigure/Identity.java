package dev.migrator.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.info.BuildProperties;
import org.springframework.boot.info.GitProperties;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * The names of the application and of the release, as far as Spring Boot knows them. They are for
 * people: no decision depends on them.
 */
record Identity(String application, String release) {

  static final String UNKNOWN = "unknown";

  private static final Logger logger = LoggerFactory.getLogger(Identity.class);

  static Identity of(
      MigratorProperties properties,
      Environment environment,
      @Nullable BuildProperties build,
      @Nullable GitProperties git) {
    String application =
        firstText(
            properties.getApplication(),
            environment.getProperty("spring.application.name"),
            "application");
    String release =
        firstText(
            properties.getRelease(),
            release(build),
            (git != null) ? git.getShortCommitId() : null,
            // The Implementation-Version of the jar of the main class, unless it is set.
            environment.getProperty("spring.application.version"),
            UNKNOWN);
    if (release.equals(UNKNOWN)) {
      logger.warn(
          "The release of {} is unknown, so messages can only name it \"{}\"."
              + " Set migrator.release, or let the build write META-INF/build-info.properties"
              + " (goal build-info of spring-boot-maven-plugin, springBoot.buildInfo() in Gradle)"
              + " or git.properties.",
          application,
          UNKNOWN);
    }
    return new Identity(application, release);
  }

  /** Two builds of one snapshot version differ by their times. */
  private static @Nullable String release(@Nullable BuildProperties build) {
    if (build == null || !StringUtils.hasText(build.getVersion())) {
      return null;
    }
    return (build.getTime() != null)
        ? "%s (built %s)".formatted(build.getVersion(), build.getTime())
        : build.getVersion();
  }

  private static String firstText(@Nullable String... candidates) {
    for (String candidate : candidates) {
      if (StringUtils.hasText(candidate)) {
        return candidate;
      }
    }
    throw new IllegalArgumentException("the last one must be there");
  }
}
