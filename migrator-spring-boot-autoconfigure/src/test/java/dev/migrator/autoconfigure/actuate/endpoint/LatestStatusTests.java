package dev.migrator.autoconfigure.actuate.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migrator;
import dev.migrator.autoconfigure.FakeMigrator;
import dev.migrator.autoconfigure.Statuses;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each of these answers at all, while what it asks hangs for as long as the test takes. */
class LatestStatusTests {

  private final FakeMigrator one = new FakeMigrator().with(Statuses.backfilling());

  private final FakeMigrator two = new FakeMigrator().with(Statuses.foreign());

  @AfterEach
  void goOn() {
    one.goingOn();
    two.goingOn();
  }

  @Test
  void withoutDetailsThatDoNotCome() {
    LatestStatus latest = new LatestStatus(one);
    assertThat(latest.ask().migration("full-name").orElseThrow().steps()).isNotEmpty();
    one.hangingOnDetails();
    assertThat(latest.ask().migration("full-name")).isPresent();
  }

  @Test
  void twoMigratorsAreAskedAtOnce() {
    Map<String, Migrator> both = new LinkedHashMap<>();
    both.put("one", one);
    both.put("two", two);
    MigratorEndpoint endpoint = new MigratorEndpoint(both);
    one.hanging();
    MigratorsDescriptor shown = endpoint.migrations();
    assertThat(shown.migrators().get("one").error()).contains("has not answered");
    assertThat(shown.migrators().get("two").error()).isNull();
    assertThat(two.calls).contains("status");
  }
}
