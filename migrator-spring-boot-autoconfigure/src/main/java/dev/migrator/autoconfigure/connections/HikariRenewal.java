package dev.migrator.autoconfigure.connections;

import com.zaxxer.hikari.HikariConfigMXBean;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import dev.migrator.FleetListener;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.jdbc.DataSourceUnwrapper;

/**
 * Renews the connections of every pool when a table has another shape: idle ones at once, those in
 * use when they are given back. A new connection has prepared nothing yet.
 */
class HikariRenewal implements FleetListener {

  private static final Logger logger = LoggerFactory.getLogger(HikariRenewal.class);

  private final ObjectProvider<DataSource> dataSources;

  HikariRenewal(ObjectProvider<DataSource> dataSources) {
    this.dataSources = dataSources;
  }

  @Override
  public void paused(String reason) {}

  @Override
  public void resumed() {}

  @Override
  public void refused(String reason) {}

  @Override
  public void shapesChanged() {
    dataSources.stream().forEach(HikariRenewal::renew);
  }

  private static void renew(DataSource dataSource) {
    HikariDataSource pool =
        DataSourceUnwrapper.unwrap(dataSource, HikariConfigMXBean.class, HikariDataSource.class);
    if (pool == null) {
      return;
    }
    HikariPoolMXBean connections = pool.getHikariPoolMXBean();
    if (connections != null) { // Else it has not opened any yet.
      logger.info(
          "{}: its connections are renewed, as a table has another shape", pool.getPoolName());
      connections.softEvictConnections();
    }
  }
}
