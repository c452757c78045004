package dev.migrator.autoconfigure.test;

import dev.migrator.autoconfigure.MigratorAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Import;

/**
 * Auto-configuration for tests of a part of an application, such as {@code @DataJpaTest}: finds the
 * migrations, which the component scan of such a test leaves out with all other configurations.
 * Listed for these tests only.
 */
@AutoConfiguration(before = MigratorAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "migrator.enabled", matchIfMissing = true)
@Import(MigrationConfigurations.class)
public final class MigratorTestSliceAutoConfiguration {}
