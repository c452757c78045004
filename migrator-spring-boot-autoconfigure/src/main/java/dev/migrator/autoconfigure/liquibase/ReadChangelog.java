package dev.migrator.autoconfigure.liquibase;

import dev.migrator.Migration;
import java.util.Map;
import javax.sql.DataSource;
import liquibase.integration.spring.SpringLiquibase;
import org.jspecify.annotations.Nullable;

/** The changelog of a bean, and what is known of it. */
final class ReadChangelog {

  private final SpringLiquibase liquibase;

  /** {@code null} if the bean was made before anybody looked. */
  private final @Nullable Reading reading;

  private @Nullable Map<String, Migration> migrations;

  private volatile boolean passedOn;

  ReadChangelog(SpringLiquibase liquibase, @Nullable Reading reading) {
    this.liquibase = liquibase;
    this.reading = reading;
  }

  /** Liquibase has run it. */
  void ended() {
    if (reading != null) {
      reading.ended(liquibase);
    }
  }

  /** What it declares, by place. Read once, and only if Liquibase has not met none. */
  synchronized Map<String, Migration> migrations() {
    if (migrations == null) {
      migrations =
          reading != null && reading.metNone() ? Map.of() : Changelog.migrations(liquibase);
    }
    return migrations;
  }

  /** The same for a Migrator. */
  Map<String, Migration> passOn() {
    passedOn = true;
    return migrations();
  }

  boolean isPassedOn() {
    return passedOn;
  }

  boolean metSome() {
    return reading != null && reading.metSome();
  }

  @Nullable DataSource dataSource() {
    return liquibase.getDataSource();
  }

  /** For people. */
  String text() {
    return "the bean \"%s\" (%s)".formatted(liquibase.getBeanName(), liquibase.getChangeLog());
  }
}
