package dev.migrator.internal.engine;

import dev.migrator.internal.engine.FaultTrial.End;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Rows move, partitions come, go, and come back between two records of an instance that lives: it
 * has planned its steps before, and goes on with them.
 */
class FaultBetweenIT {

  private static final double EDGES = 0.1;

  /** Nothing is waited for, so more would only be in each other's way. */
  private static final int AT_ONCE = 4;

  @ParameterizedTest
  @EnumSource(names = {"TO_CONTRACT", "UNDO", "CONTRACT_AND_BACK"})
  void lifeGoesOnWhilePartitionsComeAndGo(FaultLife life) throws Exception {
    FaultTrial trial = new FaultTrial(FaultChange.PARTITIONED, life, true);
    trial.run(List.of(new End("between", AT_ONCE, EDGES, trial.between())));
  }
}
