package dev.migrator.autoconfigure.liquibase;

import dev.migrator.Migration;
import dev.migrator.autoconfigure.MigrationSource;
import dev.migrator.error.ErrorCode;
import dev.migrator.error.InvalidMigrationException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import liquibase.integration.spring.MultiTenantSpringLiquibase;
import liquibase.integration.spring.SpringLiquibase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.ApplicationContext;

/**
 * The migrations that the changelogs of Liquibase declare. A changelog is read once more for them,
 * since Liquibase shows only the change sets that it runs for the first time; but not if Liquibase,
 * which has just read it, met none.
 */
final class ChangelogMigrations
    implements BeanPostProcessor, MigrationSource, SmartInitializingSingleton {

  private static final Logger logger = LoggerFactory.getLogger(ChangelogMigrations.class);

  private final Map<SpringLiquibase, ReadChangelog> changelogs =
      Collections.synchronizedMap(new IdentityHashMap<>());

  private final Set<String> ofTenants = ConcurrentHashMap.newKeySet();

  private final ObjectProvider<SpringLiquibase> liquibases;

  private volatile boolean asked;

  private final ApplicationContext application;

  ChangelogMigrations(ObjectProvider<SpringLiquibase> liquibases, ApplicationContext application) {
    this.liquibases = liquibases;
    this.application = application;
  }

  @Override
  public Object postProcessBeforeInitialization(Object bean, String name) {
    if (bean instanceof SpringLiquibase liquibase) {
      Reading reading = new Reading(liquibase);
      changelogs.put(liquibase, new ReadChangelog(liquibase, reading));
      liquibase.setCustomizer(reading);
    }
    return bean;
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String name) {
    if (bean instanceof SpringLiquibase liquibase) {
      ReadChangelog changelog = changelogs.get(target(liquibase));
      if (changelog != null) {
        changelog.ended();
      }
    }
    if (bean instanceof MultiTenantSpringLiquibase tenants && declares(tenants)) {
      ofTenants.add(name);
    }
    return bean;
  }

  /** It makes a SpringLiquibase for each tenant, which are no beans. */
  private boolean declares(MultiTenantSpringLiquibase tenants) {
    if (MigrationChange.read() == 0) {
      return false;
    }
    SpringLiquibase one = new SpringLiquibase();
    one.setChangeLog(tenants.getChangeLog());
    one.setContexts(tenants.getContexts());
    one.setLabelFilter(tenants.getLabelFilter());
    one.setChangeLogParameters(tenants.getParameters());
    one.setResourceLoader(application);
    return !Changelog.migrations(one).isEmpty();
  }

  /** What has the fields, if an aspect has put a proxy in front of it. */
  private static SpringLiquibase target(SpringLiquibase liquibase) {
    return AopProxyUtils.getSingletonTarget(liquibase) instanceof SpringLiquibase target
        ? target
        : liquibase;
  }

  /**
   * For the only database.
   *
   * @throws InvalidMigrationException if there are several
   */
  @Override
  public Map<String, Migration> migrations() {
    asked = true;
    List<ReadChangelog> all = declaring();
    if (all.stream().map(ReadChangelog::dataSource).distinct().count() > 1) {
      throw new InvalidMigrationException(
          ErrorCode.CHANGELOG_INVALID,
          "%s declare migrations for several data sources; ask for those of one by MigrationSource.migrations(dataSource)"
              .formatted(names(all)));
    }
    return passOn(all);
  }

  /** Those of the changelogs that Liquibase runs in this database. */
  @Override
  public Map<String, Migration> migrations(DataSource dataSource) {
    asked = true;
    return passOn(
        declaring().stream().filter(it -> SameDatabase.of(it.dataSource(), dataSource)).toList());
  }

  private List<ReadChangelog> declaring() {
    return liquibases
        .orderedStream(ObjectProvider.UNFILTERED)
        .map(ChangelogMigrations::target)
        .map(it -> changelogs.computeIfAbsent(it, made -> new ReadChangelog(made, null)))
        .filter(it -> !it.migrations().isEmpty())
        .toList();
  }

  private Map<String, Migration> passOn(List<ReadChangelog> some) {
    Map<String, Migration> all = new LinkedHashMap<>();
    for (ReadChangelog changelog : some) {
      changelog
          .passOn()
          .forEach(
              (place, migration) -> {
                if (all.put(place, migration) != null) {
                  throw new InvalidMigrationException(
                      ErrorCode.CHANGELOG_INVALID,
                      "%s is declared by several of %s in one database; leave it out of all but one by a context"
                          .formatted(place, names(some)));
                }
              });
    }
    return all;
  }

  private static List<String> names(List<ReadChangelog> some) {
    return some.stream().map(ReadChangelog::text).toList();
  }

  /**
   * Who makes a Migrator himself has to pass them on.
   *
   * @throws InvalidMigrationException if the migrators are of other databases
   */
  @Override
  public void afterSingletonsInstantiated() {
    if (!asked) {
      if (!ofTenants.isEmpty() || metSome()) {
        logger.warn(
            "the changelog of Liquibase declares migrations, and no Migrator asks for them; pass those of the MigrationSource bean to Migrator.builder(…) by declareIn(…)");
      }
      return;
    }
    LiquibaseSwitchedOff.warnIfItDeclares(application.getEnvironment(), application);
    if (!ofTenants.isEmpty()) {
      throw new InvalidMigrationException(
          ErrorCode.CHANGELOG_INVALID,
          "the changelog of the MultiTenantSpringLiquibase %s declares migrations, which no Migrator gets; declare them to a Migrator for each tenant"
              .formatted(ofTenants));
    }
    List<ReadChangelog> left = declaring().stream().filter(it -> !it.isPassedOn()).toList();
    if (!left.isEmpty()) {
      throw new InvalidMigrationException(
          ErrorCode.CHANGELOG_INVALID,
          "%s declare migrations for a database of which no Migrator asks for them; make one for it, and pass it those of MigrationSource.migrations(dataSource) by declareIn(…)"
              .formatted(names(left)));
    }
  }

  private boolean metSome() {
    synchronized (changelogs) {
      return changelogs.values().stream().anyMatch(ReadChangelog::metSome);
    }
  }
}
