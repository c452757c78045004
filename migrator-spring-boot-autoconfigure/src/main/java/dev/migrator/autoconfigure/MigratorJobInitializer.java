package dev.migrator.autoconfigure;

import dev.migrator.error.ErrorCode;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Plans or migrates in the middle of the start, where every bean can be made and none is yet: only
 * those are made that the migrations need. Then it ends the start, as {@link
 * SpringApplication.AbandonedRunException} does. Like {@link SpringBootVersionCheck}, it uses
 * nothing that Spring Boot 3 does not have.
 */
public final class MigratorJobInitializer
    implements ApplicationContextInitializer<ConfigurableApplicationContext> {

  @Override
  public void initialize(ConfigurableApplicationContext context) {
    if (MigratorMode.of(context.getEnvironment()) == MigratorMode.RUN) {
      return;
    }
    context.addApplicationListener(new JobListener());
    // An event that is published so early waits until beans can be made.
    context.addBeanFactoryPostProcessor(factory -> context.publishEvent(new JobDue(context)));
  }

  /** Beans can be made. */
  private static final class JobDue extends ApplicationEvent {

    private static final long serialVersionUID = 1L;

    private final transient ConfigurableApplicationContext context;

    JobDue(ConfigurableApplicationContext context) {
      super(context);
      this.context = context;
    }
  }

  /** Does the job, and lets nothing come behind it. */
  private static final class JobListener implements ApplicationListener<JobDue> {

    @Override
    public void onApplicationEvent(JobDue due) {
      MigratorInitializer initializer =
          due.context.getBeanProvider(MigratorInitializer.class).getIfAvailable();
      if (!(initializer instanceof MigratorJob job)) {
        throw new IllegalStateException(
            "%s: migrator.mode is set, and there is nothing to plan or to migrate: no DataSource bean and no Migration bean, migrator.enabled=false, or a MigratorInitializer bean of the application's own"
                .formatted(ErrorCode.MODE_WITHOUT_MIGRATIONS));
      }
      MigratorJobEnded ended = new MigratorJobEnded(due.context, job.outcome());
      ended.endProcessOf(Thread.currentThread());
      throw ended;
    }
  }
}
