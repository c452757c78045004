package dev.migrator.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/** The properties that make a deployment job of an application, or allow one plan only. */
@ConfigurationProperties("migrator")
public class MigratorJobProperties {

  static final String MODE = "migrator.mode";

  /**
   * What the application does with its migrations: 'run' them and serve, 'plan' them and end, or
   * 'migrate' and end. The last two end with exit code 0 if all is reached, 2 if something is held,
   * and 1 if something failed.
   */
  private MigratorMode mode = MigratorMode.RUN;

  private final Plan plan = new Plan();

  public MigratorMode getMode() {
    return mode;
  }

  public void setMode(MigratorMode mode) {
    this.mode = mode;
  }

  public Plan getPlan() {
    return plan;
  }

  /** The properties {@code migrator.plan.*}. */
  public static class Plan {

    /**
     * Fingerprint of the only plan that may run. The start fails if something has changed since
     * that plan was made. Any plan may run if not specified.
     */
    private @Nullable String approved;

    public @Nullable String getApproved() {
      return approved;
    }

    public void setApproved(@Nullable String approved) {
      this.approved = approved;
    }
  }
}
