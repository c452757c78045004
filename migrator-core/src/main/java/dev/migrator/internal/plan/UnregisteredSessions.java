package dev.migrator.internal.plan;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sessions alike that no registered instance accounts for.
 *
 * @param count how many there are
 * @param role the role that they work as
 * @param application the name that they gave themselves; may be empty
 * @param address where they come from; {@code null} from the server itself, or if this role may not
 *     see it
 * @param since since when the oldest of them is there; {@code null} if this role may not see it
 */
public record UnregisteredSessions(
    int count, String role, String application, @Nullable String address, @Nullable Instant since) {

  /** As messages name them. */
  public String describe() {
    return "%d session(s) of role \"%s\"%s, application \"%s\"%s"
        .formatted(
            count,
            role,
            address == null ? "" : " from " + address,
            application,
            since == null ? "" : ", since " + since.truncatedTo(ChronoUnit.SECONDS));
  }
}
