package dev.migrator.internal.plan;

import dev.migrator.operation.SqlFile.Contained;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How far a database has come with what a baseline contains. Pure.
 *
 * @param ran the ids of those that have run to their last phase
 * @param left the ids of those that have not
 */
public record BaselineState(List<String> ran, List<String> left) {

  public BaselineState {
    ran = List.copyOf(ran);
    left = List.copyOf(left);
  }

  /**
   * Looks.
   *
   * @param contains what the baseline contains
   * @param records what the journal knows
   */
  public static BaselineState of(List<Contained> contains, Map<String, Recorded> records) {
    List<String> ran = new ArrayList<>();
    List<String> left = new ArrayList<>();
    for (Contained contained : contains) {
      Recorded recorded = records.get(contained.id());
      if (recorded != null
          && recorded.phase() != null
          && recorded.phase() == recorded.begun()
          && recorded.phase().includes(contained.phase())) {
        ran.add(contained.id());
      } else if (!isRepeatable(contained.id())) {
        left.add(contained.id());
      }
    }
    return new BaselineState(ran, left);
  }

  /** A content of a repeatable file may never have run where a later one did. */
  private static boolean isRepeatable(String id) {
    return id.startsWith("R__");
  }

  /** Whether all of it has run, so that the baseline need not. */
  public boolean isAll() {
    return left.isEmpty();
  }

  /** Whether some of it has run, so that the baseline cannot. */
  public boolean isPart() {
    return !ran.isEmpty() && !left.isEmpty();
  }
}
