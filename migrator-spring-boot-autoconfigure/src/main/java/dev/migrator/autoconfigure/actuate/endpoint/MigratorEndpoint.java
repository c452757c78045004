package dev.migrator.autoconfigure.actuate.endpoint;

import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.error.CommandRefusedException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * Shows where every change stands, and takes the operator's words.
 *
 * <table>
 * <caption>Operations</caption>
 * <tr><td>{@code GET /actuator/migrator}</td><td>every change, without its steps; see {@link
 *     MigratorsDescriptor}</td></tr>
 * <tr><td>{@code GET /actuator/migrator/{id}}</td><td>one change with its steps, see {@link
 *     MigrationDescriptor}; 404 if nobody knows the id</td></tr>
 * <tr><td>{@code POST /actuator/migrator/{id}} with <code>{"action":"contract"}</code>, {@code
 *     pause}, {@code resume}, {@code retry} or {@code undo}; with <code>"phase":"BACKFILL"</code> the
 *     last takes back that phase only</td><td>202 with the change; 400 for another action or phase, 404 for an unknown id, 409 with the reason if the state does not allow it, 405
 *     without access</td></tr>
 * </table>
 *
 * <p>A word is written into the journal, where whichever instance does the work finds it; so it
 * does not matter which instance is asked. As {@code contract} drops columns, only reading is
 * permitted by default; {@code management.endpoint.migrator.access=unrestricted} permits the words.
 *
 * <p>Instants and durations are in ISO-8601, enums in upper case, and what is unknown is left out.
 * No answer contains a value from a table.
 */
@Endpoint(id = "migrator", defaultAccess = Access.READ_ONLY)
public class MigratorEndpoint {

  private final Map<String, Migrator> migrators;

  /**
   * Makes the endpoint.
   *
   * @param migrators what to show, by the names of the beans
   */
  public MigratorEndpoint(Map<String, Migrator> migrators) {
    this.migrators = new LinkedHashMap<>(migrators);
  }

  /**
   * Shows everything.
   *
   * @return every change, without its steps
   */
  @ReadOperation
  public MigratorsDescriptor migrations() {
    Map<String, MigratorDescriptor> descriptors = new LinkedHashMap<>();
    migrators.forEach(
        (name, migrator) -> descriptors.put(name, MigratorDescriptor.of(migrator.status())));
    return new MigratorsDescriptor(descriptors);
  }

  /**
   * Shows one change.
   *
   * @param id the id of a migration
   * @return the change with its steps; {@code null} if nobody knows the id
   */
  @ReadOperation
  public @Nullable MigrationDescriptor migration(@Selector String id) {
    return migrators.values().stream()
        .flatMap(migrator -> migrator.status(id).stream())
        .findFirst()
        .map(MigrationDescriptor::detailed)
        .orElse(null);
  }

  /**
   * Passes an operator's word on.
   *
   * @param id the id of a migration
   * @param action the word; {@code null} if a speed is given
   * @param phase for {@code undo}, the only phase that is to be taken back; {@code null} for
   *     whichever was begun last
   * @param speed instead of a word, the share of the time in which rows are worked on, 1 to 100
   * @return where the change stands now; {@code null} if nobody knows the id
   * @throws CommandRefusedException if the state of the change does not allow it
   * @throws InvalidEndpointRequestException if another word names a phase
   */
  @WriteOperation
  public @Nullable MigrationDescriptor execute(
      @Selector String id,
      @Nullable OperatorCommand action,
      @Nullable Phase phase,
      @Nullable Integer speed) {
    if ((action == null) == (speed == null)) {
      String reason = "say either an action or a speed";
      throw new InvalidEndpointRequestException(reason, reason);
    }
    return (action == null) ? speed(id, speed) : execute(id, action, phase);
  }

  private @Nullable MigrationDescriptor speed(String id, @Nullable Integer speed) {
    if (speed == null || speed < 1 || speed > 100) {
      String reason = "a speed is between 1 and 100 percent";
      throw new InvalidEndpointRequestException(reason, reason);
    }
    return migratorOf(id)
        .flatMap(migrator -> migrator.speed(id, speed))
        .map(MigrationDescriptor::detailed)
        .orElse(null);
  }

  private @Nullable MigrationDescriptor execute(
      String id, OperatorCommand action, @Nullable Phase phase) {
    if (phase != null && action != OperatorCommand.UNDO) {
      String reason = action + " is said of the whole change; only undo names a phase";
      throw new InvalidEndpointRequestException(reason, reason);
    }
    return migratorOf(id)
        .flatMap(
            migrator -> (phase == null) ? migrator.execute(id, action) : migrator.undo(id, phase))
        .map(MigrationDescriptor::detailed)
        .orElse(null);
  }

  private Optional<Migrator> migratorOf(String id) {
    if (migrators.size() == 1) {
      return Optional.of(migrators.values().iterator().next());
    }
    Map<String, Migrator> knowing = new LinkedHashMap<>(migrators);
    knowing.values().removeIf(migrator -> migrator.status(id).isEmpty());
    if (knowing.size() > 1) {
      throw new CommandRefusedException(
          "the id \"%s\" is known to %s; give each migration an id of its own"
              .formatted(id, knowing.keySet()));
    }
    return knowing.values().stream().findFirst();
  }
}
