package dev.migrator.sample.rollout;

import dev.migrator.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** How long the change stayed in each phase. */
final class PhaseTimes {

  private PhaseTimes() {}

  /** Phases too short to be seen by polling are taken from the times of their steps. */
  static Map<Phase, Duration> of(Map<String, Instant> reached, JsonNode status, Instant end) {
    Map<Phase, Instant> all = new EnumMap<>(Phase.class);
    for (JsonNode step : status.path("steps")) {
      Phase phase = Phase.valueOf(step.path("phase").asString());
      all.merge(phase, endOf(step), (a, b) -> a.isAfter(b) ? a : b);
    }
    reached.forEach((phase, since) -> all.put(Phase.valueOf(phase), since));
    Map<Phase, Duration> times = new EnumMap<>(Phase.class);
    List<Phase> phases = new ArrayList<>(all.keySet());
    for (int i = 0; i < phases.size(); i++) {
      Instant left = (i + 1 < phases.size()) ? all.get(phases.get(i + 1)) : end;
      times.put(phases.get(i), Duration.between(all.get(phases.get(i)), left));
    }
    return times;
  }

  private static Instant endOf(JsonNode step) {
    Duration taken = Duration.parse(step.path("duration").asString("PT0S"));
    return Instant.parse(step.path("startedAt").asString()).plus(taken);
  }
}
