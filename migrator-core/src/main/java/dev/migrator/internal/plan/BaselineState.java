package dev.migrator.internal.plan;

import dev.migrator.internal.file.RepeatableId;
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
      if (hasRun(contained, records) || hasRunOtherwise(contained.id(), records)) {
        ran.add(contained.id());
      } else if (!RepeatableId.is(contained.id())) {
        left.add(contained.id());
      }
    }
    return new BaselineState(ran, left);
  }

  private static boolean hasRun(Contained contained, Map<String, Recorded> records) {
    Recorded recorded = records.get(contained.id());
    return recorded != null
        && recorded.phase() != null
        && recorded.phase() == recorded.begun()
        && recorded.phase().includes(contained.phase());
  }

  /** A content of a repeatable file may never have run where a later one did. */
  private static boolean hasRunOtherwise(String id, Map<String, Recorded> records) {
    String name = RepeatableId.name(id);
    return RepeatableId.is(name)
        && records.entrySet().stream()
            .anyMatch(it -> it.getKey().startsWith(name + ".") && it.getValue().phase() != null);
  }

  /**
   * Whether all of it has run, so that the baseline need not. Where nothing of it has run it is to
   * run, although nothing may be left but contents of repeatable files.
   */
  public boolean isAll() {
    return !ran.isEmpty() && left.isEmpty();
  }

  /** Whether some of it has run, so that the baseline cannot. */
  public boolean isPart() {
    return !ran.isEmpty() && !left.isEmpty();
  }
}
