package dev.migrator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/**
 * Thousands of random lives of small fleets: at every moment, every running instance can do every
 * read and every write that its own code knows, whoever is deployed, killed, frozen, rolled back or
 * told to undo, and whatever happens to the database's clock.
 */
class FleetModelTests {

  private static final int LIVES = Integer.getInteger("migrator.test.lives", 4000);

  private static final int ACTIONS = 300;

  @Test
  void nobodyEverMissesWhatItsCodeKnows() {
    int contracts = 0;
    int refusals = 0;
    for (long seed = 0; seed < LIVES; seed++) {
      FleetModel model = lived(seed, false);
      contracts += model.contracts;
      refusals += model.refusals;
    }
    assertThat(contracts).as("or nothing was shown").isGreaterThan(LIVES / 10);
    assertThat(refusals).isGreaterThan(LIVES / 10);
  }

  @Test
  void aGateThatStandsOpenIsFound() {
    assertThatThrownBy(
            () -> {
              for (long seed = 0; seed < LIVES; seed++) {
                lived(seed, true);
              }
            })
        .hasMessageContaining("seed");
  }

  private static FleetModel lived(long seed, boolean gateIsOpen) {
    FleetModel model = new FleetModel(seed, gateIsOpen);
    try {
      model.run(ACTIONS);
    } catch (AssertionError ex) {
      throw new AssertionError("seed " + seed + ": " + ex.getMessage(), ex);
    }
    return model;
  }
}
