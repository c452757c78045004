package dev.migrator.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.info.BuildProperties;
import org.springframework.boot.info.GitProperties;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * The names of the application and of the release, as far as Spring Boot knows them. They are for
 * people: no decision depends on them. Where nobody named the release, a digest of its code and of
 * what it declares tells it apart from others: all builds of a snapshot have the same version, and
 * all reproducible ones the same time.
 */
record Identity(String application, String release) {

  static final String UNKNOWN = "unknown";

  static Identity of(
      MigratorProperties properties,
      Environment environment,
      @Nullable BuildProperties build,
      @Nullable GitProperties git,
      CodeDigest code) {
    String application =
        firstText(
            properties.getApplication(),
            environment.getProperty("spring.application.name"),
            "application");
    String given = properties.getRelease();
    if (given != null && StringUtils.hasText(given)) {
      return new Identity(application, given);
    }
    String name =
        firstText(
            release(build),
            (git != null) ? git.getShortCommitId() : null,
            // The Implementation-Version of the jar of the main class, unless it is set.
            environment.getProperty("spring.application.version"),
            UNKNOWN);
    String release = "%s #%s".formatted(name, code.digest());
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
