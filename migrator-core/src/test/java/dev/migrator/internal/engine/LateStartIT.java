package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.FleetListener;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** A release without migrations that starts while its database is away. */
class LateStartIT {

  private final Fixture fixture = new Fixture();

  private final Away away = new Away();

  private final List<String> refusals = new CopyOnWriteArrayList<>();

  @BeforeEach
  void createTable() {
    fixture.execute("CREATE TABLE users (id bigint PRIMARY KEY, name text)");
    away.setTargetDataSource(fixture.dataSource());
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void registersWhenItIsThere() {
    Migrator migrator = started();
    assertThat(migrator.mayServe()).isTrue();
    away.over = true;
    Fixture.await(
        () -> migrator.status().fleet().size() == 1, () -> String.valueOf(migrator.status()));
    assertThat(refusals).isEmpty();
  }

  @Test
  void mustNotServeIfWhatItNeedsIsGone() {
    fixture.reach(
        Phase.CONTRACT,
        Migration.define("full-name")
            .table("users")
            .renameColumn("name", "full_name")
            .switchRead()
            .dropColumn("name"));
    Migrator migrator = started();
    away.over = true;
    Fixture.await(() -> !refusals.isEmpty(), () -> String.valueOf(migrator.status()));
    assertThat(refusals).singleElement().asString().contains("full-name", "is contracted");
    assertThat(migrator.mayServe()).isFalse();
    assertThat(migrator.status().fleet()).isEmpty();
  }

  private Migrator started() {
    return fixture.started(
        Fixture.builder(away)
            .settings(Fixture.SETTINGS)
            .listener(
                new FleetListener() {

                  @Override
                  public void paused(String reason) {}

                  @Override
                  public void resumed() {}

                  @Override
                  public void refused(String reason) {
                    refusals.add(reason);
                  }
                }));
  }

  private static final class Away extends DelegatingDataSource {

    private volatile boolean over;

    @Override
    public Connection getConnection() throws SQLException {
      if (!over) {
        throw new SQLException("Connection refused", "08001");
      }
      return super.getConnection();
    }
  }
}
