package dev.migrator.autoconfigure.info;

import dev.migrator.Migrator;
import dev.migrator.autoconfigure.MigratorAutoConfiguration;
import java.util.Map;
import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.actuate.autoconfigure.info.InfoContributorFallback;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration for the {@code info} of the migrations. It queries the database, so it has to
 * be asked for with {@code management.info.migrator.enabled=true}.
 */
@AutoConfiguration(after = MigratorAutoConfiguration.class)
@ConditionalOnClass({InfoContributor.class, ConditionalOnEnabledInfoContributor.class})
@ConditionalOnBean(Migrator.class)
@ConditionalOnEnabledInfoContributor(value = "migrator", fallback = InfoContributorFallback.DISABLE)
public final class MigratorInfoContributorAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean(name = "migratorInfoContributor")
  InfoContributor migratorInfoContributor(Map<String, Migrator> migrators) {
    return new MigratorInfoContributor(migrators.values());
  }
}
