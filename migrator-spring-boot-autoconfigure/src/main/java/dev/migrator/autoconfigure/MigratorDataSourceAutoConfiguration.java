package dev.migrator.autoconfigure;

import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Import;

/**
 * Auto-configuration that keeps a {@code DataSource} of the migrations from taking the place of the
 * application's: before Spring Boot looks whether there is one already.
 */
@AutoConfiguration(
    beforeName = {
      "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
      "org.springframework.boot.jdbc.autoconfigure.XADataSourceAutoConfiguration"
    })
@ConditionalOnClass(DataSource.class)
@Import(MarkedDataSources.class)
public final class MigratorDataSourceAutoConfiguration {}
