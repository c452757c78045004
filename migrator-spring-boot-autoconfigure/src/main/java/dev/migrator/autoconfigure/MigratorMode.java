package dev.migrator.autoconfigure;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** What an application does with its migrations: {@code migrator.mode}. */
public enum MigratorMode {

  /** Runs them, and serves. */
  RUN,

  /** Says what would run, runs nothing, and ends. */
  PLAN,

  /** Runs what the gates allow, nothing else of the application, and ends. */
  MIGRATE;

  static MigratorMode of(Environment environment) {
    return Binder.get(environment).bind(MigratorJobProperties.MODE, MigratorMode.class).orElse(RUN);
  }
}
