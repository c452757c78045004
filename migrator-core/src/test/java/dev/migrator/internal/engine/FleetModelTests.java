package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.internal.engine.FleetModel.Sabotage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Thousands of random lives of small fleets: at every moment, every running instance can do every
 * read and every write that its own code knows, whoever is deployed, killed, frozen, rolled back or
 * told to undo, and whatever happens to the database's clock.
 */
@Execution(ExecutionMode.CONCURRENT)
class FleetModelTests {

  private static final int LIVES = Integer.getInteger("migrator.test.lives", 500);

  /** What is missing is found long before; only then does it take that many. */
  private static final int SOUGHT = 80 * LIVES;

  private static final int ACTIONS = 300;

  @Test
  void nobodyEverMissesWhatItsCodeKnows() {
    int contracts = 0;
    int refusals = 0;
    for (long seed = 0; seed < LIVES; seed++) {
      FleetModel model = lived(seed, false, Sabotage.NOTHING);
      contracts += model.contracts;
      refusals += model.refusals;
    }
    assertThat(contracts).as("or nothing was shown").isGreaterThan(LIVES / 10);
    assertThat(refusals).isGreaterThan(LIVES / 10);
  }

  /** The same where no trigger makes up for a side that a release does not write. */
  @Test
  void nobodyReadsWhatOthersDoNotWrite() {
    int contracts = 0;
    int refusals = 0;
    int returns = 0;
    for (long seed = 0; seed < LIVES; seed++) {
      FleetModel model = lived(seed, true, Sabotage.NOTHING);
      contracts += model.contracts;
      refusals += model.refusals;
      returns += model.returns;
    }
    assertThat(contracts).as("or nothing was shown").isGreaterThan(LIVES / 10);
    assertThat(refusals).isGreaterThan(LIVES / 10);
    assertThat(returns).isGreaterThan(LIVES / 100);
  }

  /** No sequence of deploys, deaths and commands leads to where nothing goes on any more. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyChangeCanBeFinishedOrUndone(boolean byApplication) {
    for (long seed = 0; seed < LIVES / 10; seed++) {
      FleetModel model = lived(seed, byApplication, Sabotage.NOTHING);
      assertThat(model.canBeFinished()).as("seed %d\n%s", seed, model.story()).isTrue();
    }
  }

  @Test
  void aGateThatStandsOpenIsFound() {
    assertFound(false, Sabotage.CONTRACT_GATE);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NOTHING")
  void aGateThatStandsOpenIsFoundWhereTheApplicationWritesBothSides(Sabotage sabotage) {
    assertFound(true, sabotage);
  }

  private static void assertFound(boolean byApplication, Sabotage sabotage) {
    assertThatThrownBy(
            () -> {
              for (long seed = 0; seed < SOUGHT; seed++) {
                lived(seed, byApplication, sabotage);
              }
            })
        .hasMessageContaining("seed");
  }

  private static FleetModel lived(long seed, boolean byApplication, Sabotage sabotage) {
    FleetModel model = new FleetModel(seed, byApplication, sabotage);
    try {
      model.run(ACTIONS);
    } catch (AssertionError ex) {
      throw new AssertionError("seed " + seed + ": " + ex.getMessage(), ex);
    }
    return model;
  }
}
