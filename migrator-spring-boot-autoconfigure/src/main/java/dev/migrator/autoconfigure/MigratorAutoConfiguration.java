package dev.migrator.autoconfigure;

import dev.migrator.FleetListener;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.MigratorBuilder;
import dev.migrator.ReadSwitch;
import dev.migrator.StatementProtection;
import dev.migrator.settings.MigratorSettings;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.info.BuildProperties;
import org.springframework.boot.info.GitProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.sql.init.dependency.DatabaseInitializationDependencyConfigurer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Auto-configuration for {@link Migrator}: runs the {@link Migration} beans, first what must be
 * there before this release serves, after Liquibase and Flyway and before every bean that uses the
 * database; then the rest in the background, once the web server accepts requests.
 *
 * <p>Backs off without a {@code DataSource}, unless there are migrations, which then fail for want
 * of one.
 */
@AutoConfiguration(
    after = DataSourceAutoConfiguration.class,
    afterName = {
      "org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration",
      "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration"
    })
@ConditionalOnClass({DataSource.class, DatabaseInitializationDependencyConfigurer.class})
@ConditionalOnBooleanProperty(name = "migrator.enabled", matchIfMissing = true)
@Conditional(MigratorAutoConfiguration.MigratorCondition.class)
@EnableConfigurationProperties({MigratorProperties.class, MigratorJobProperties.class})
@Import(DatabaseInitializationDependencyConfigurer.class)
public final class MigratorAutoConfiguration {

  private static final String HIKARI = "com.zaxxer.hikari.HikariDataSource";

  @Bean
  @ConditionalOnMissingBean
  Migrator migrator(
      ObjectProvider<DataSource> dataSource,
      @MigratorDataSource ObjectProvider<DataSource> migratorDataSource,
      MigratorProperties properties,
      InstanceName instanceName,
      MigratorJobProperties job,
      ObjectProvider<MigratorSettingsCustomizer> customizers,
      FleetListeners fleetListeners,
      ObjectProvider<StatementProtection> statements,
      ObjectProvider<SessionNames> sessionNames,
      ObjectProvider<MigrationSource> sources,
      ObjectProvider<BuildProperties> build,
      ObjectProvider<GitProperties> git,
      Environment environment,
      ConfigurableListableBeanFactory beanFactory) {
    Map<String, Migration> migrations = MigrationBeans.of(beanFactory);
    DataSource chosen = migratorDataSource.getIfAvailable(dataSource::getIfUnique);
    if (chosen == null) {
      throw new NoMigratorDataSourceException(
          List.of(
              BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beanFactory, DataSource.class)),
          List.copyOf(migrations.keySet()));
    }
    MigratorSettings.Builder settings = properties.toSettings().toBuilder();
    customizers.orderedStream().forEach(it -> it.customize(settings));
    AdoptedFlyway.warnIfItRuns(properties.getAdopt(), beanFactory);
    List<Map<String, Migration>> elsewhere =
        sources.orderedStream().map(it -> it.migrations(chosen)).toList();
    Identity identity =
        Identity.of(
            properties,
            environment,
            build.getIfUnique(),
            git.getIfUnique(),
            CodeDigest.of(
                beanFactory,
                Stream.concat(Stream.of(migrations), elsewhere.stream())
                    .flatMap(it -> it.values().stream())
                    .toList()));
    MigratorBuilder migrators =
        Migrator.builder(
                properties.getFleet().isGuardDataSource()
                    ? DataSourceGuard.passing(chosen)
                    : chosen)
            .settings(settings.build())
            .application(identity.application(), identity.release())
            .sqlFiles(properties.allLocations().toArray(String[]::new))
            .approvedPlan(job.getPlan().getApproved())
            .listener(fleetListeners.asListener());
    if (ClassUtils.isPresent(HIKARI, getClass().getClassLoader())) {
      migrators.poolPressure(new HikariPressure(dataSource::stream));
    }
    statements.ifUnique(migrators::statementProtection);
    sessionNames.ifUnique(it -> migrators.sessionNames(it::all));
    instanceName.given().ifPresent(migrators::instance);
    if (MappedColumnsReporter.isExpected(beanFactory)) {
      migrators.mapsLater();
    }
    elsewhere.forEach(it -> it.forEach(migrators::declareIn));
    migrations.forEach(migrators::declare);
    return migrators.build();
  }

  @Bean
  InstanceName migratorInstanceName(MigratorProperties properties) {
    return InstanceName.of(properties.getInstanceId());
  }

  @Bean
  FleetListeners migratorFleetListeners(ObjectProvider<FleetListener> listeners) {
    return new FleetListeners(listeners);
  }

  @Bean
  @ConditionalOnMissingBean
  @ConditionalOnSingleCandidate(Migrator.class)
  ReadSwitch migratorReadSwitch(Migrator migrator) {
    return migrator.readSwitch();
  }

  @Bean
  @ConditionalOnMissingBean
  MigratorInitializer migratorInitializer(
      ObjectProvider<Migrator> migrators, MigratorJobProperties job) {
    List<Migrator> all = migrators.orderedStream().toList();
    return (job.getMode() == MigratorMode.RUN)
        ? new MigratorInitializer(all)
        : new MigratorJob(all, job.getMode());
  }

  @Bean
  @ConditionalOnMissingBean
  MigratorLifecycle migratorLifecycle(ObjectProvider<Migrator> migrators) {
    return new MigratorLifecycle(migrators.orderedStream().toList());
  }

  @Bean
  MappedColumnsReporter migratorMappedColumnsReporter(
      ObjectProvider<Migrator> migrators, ObjectProvider<MappedColumnsProvider> providers) {
    return new MappedColumnsReporter(migrators, providers);
  }

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  @ConditionalOnBooleanProperty("migrator.fleet.guard-data-source")
  static DataSourceGuard migratorDataSourceGuard(ListableBeanFactory beanFactory) {
    return new DataSourceGuard(beanFactory);
  }

  @Bean
  static LazyInitializationExcludeFilter migratorLazyInitializationExcludeFilter() {
    return LazyInitializationExcludeFilter.forBeanTypes(
        MigratorInitializer.class, MigratorLifecycle.class, MappedColumnsReporter.class);
  }

  static final class MigratorCondition extends AnyNestedCondition {

    MigratorCondition() {
      super(ConfigurationPhase.REGISTER_BEAN);
    }

    @ConditionalOnBean(DataSource.class)
    private static final class DataSourceBeanCondition {}

    @ConditionalOnBean(Migration.class)
    private static final class MigrationBeanCondition {}

    @ConditionalOnBean(Migrator.class)
    private static final class MigratorBeanCondition {}
  }
}
