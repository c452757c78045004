package dev.migrator.autoconfigure.actuate.endpoint;

import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.error.CommandRefusedException;
import dev.migrator.error.ErrorCode;
import java.security.Principal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * Shows where every migration stands, and executes an operator's commands.
 *
 * <table>
 * <caption>Operations</caption>
 * <tr><td>{@code GET /actuator/migrator}</td><td>every migration, without its steps; see {@link
 *     MigratorsDescriptor}</td></tr>
 * <tr><td>{@code GET /actuator/migrator/{id}}</td><td>one migration with its steps, and with
 *     the SQL of those that are left, see {@link MigrationDescriptor}; 404 if nobody knows the id</td></tr>
 * <tr><td>{@code POST /actuator/migrator/{id}} with <code>{"action":"contract"}</code>, {@code
 *     pause}, {@code resume}, {@code retry} or {@code undo}, which with <code>"phase":"BACKFILL"</code>
 *     undoes that phase only; or with <code>{"speed":30}</code></td><td>202 with the migration; 400 with the reason for another action or phase, 404 for an unknown id, 409 with the reason if the state does not allow it, 405
 *     with what to set without access</td></tr>
 * </table>
 *
 * <p>A command is written into the journal, where the instance that does the work finds it; so any
 * instance may be asked. As {@code contract} drops columns, only reading is permitted by default;
 * {@code management.endpoint.migrator.access=unrestricted} permits the commands.
 *
 * <p>Instants and durations are in ISO-8601, enums in upper case, and unknown values are left out.
 * No answer contains a value from a table.
 */
// The commands are there, so that one without access is told why it is refused.
@Endpoint(id = "migrator", defaultAccess = Access.UNRESTRICTED)
public class MigratorEndpoint {

  private static final String NO_ACCESS =
      "the endpoint only shows; set management.endpoint.migrator.access=unrestricted to permit commands";

  private final Map<String, Migrator> migrators;

  private final Map<String, LatestStatus> latest = new LinkedHashMap<>();

  private final Access access;

  /**
   * Creates the endpoint, which executes no commands.
   *
   * @param migrators the migrators to show, by the names of the beans
   */
  public MigratorEndpoint(Map<String, Migrator> migrators) {
    this(migrators, Access.READ_ONLY);
  }

  /**
   * Creates the endpoint.
   *
   * @param migrators the migrators to show, by the names of the beans
   * @param access what is permitted
   */
  public MigratorEndpoint(Map<String, Migrator> migrators, Access access) {
    this.migrators = new LinkedHashMap<>(migrators);
    migrators.forEach((name, migrator) -> latest.put(name, new LatestStatus(migrator)));
    this.access = access;
  }

  /**
   * Shows everything.
   *
   * @return every migration, without its steps
   */
  @ReadOperation
  public MigratorsDescriptor migrations() {
    Map<String, LatestStatus.Answer> answers = new LinkedHashMap<>();
    latest.forEach((name, status) -> answers.put(name, status.ask()));
    Map<String, MigratorDescriptor> descriptors = new LinkedHashMap<>();
    answers.forEach((name, answer) -> descriptors.put(name, MigratorDescriptor.of(answer.get())));
    return new MigratorsDescriptor(descriptors);
  }

  /**
   * Shows one migration.
   *
   * @param id the id of a migration
   * @return the migration with its steps, and what is left to run with its SQL; {@code null} if
   *     nobody knows the id
   */
  @ReadOperation
  public @Nullable MigrationDescriptor migration(@Selector String id) {
    List<LatestStatus.Answer> answers = latest.values().stream().map(LatestStatus::ask).toList();
    return answers.stream()
        .flatMap(answer -> answer.migration(id).stream())
        .findFirst()
        .orElse(null);
  }

  /**
   * Executes an operator's command.
   *
   * @param id the id of a migration
   * @param action the kind of command; may be left out if a speed is given
   * @param phase for {@code undo}, the only phase to undo; {@code null} for the last one begun
   * @param speed for {@code speed}, the share of the time in which workers work, in percent, 1 to
   *     100
   * @param security who gives the command, where that is known
   * @return where the migration stands now; {@code null} if nobody knows the id
   * @throws CommandRefusedException if the state of the migration does not allow it
   * @throws InvalidEndpointRequestException if kind and parameters do not fit together
   */
  @WriteOperation
  public @Nullable MigrationDescriptor execute(
      @Selector String id,
      OperatorCommand.@Nullable Kind action,
      @Nullable Phase phase,
      @Nullable Integer speed,
      SecurityContext security) {
    requireAccess();
    OperatorCommand command = CommandRequest.command(action, phase, speed);
    Principal operator = security.getPrincipal();
    return migratorOf(id)
        .flatMap(
            migrator ->
                migrator.execute(id, (operator == null) ? command : command.by(operator.getName())))
        .map(MigrationDescriptor::detailed)
        .orElse(null);
  }

  void requireAccess() {
    if (access != Access.UNRESTRICTED) {
      throw new AccessRefusedException(NO_ACCESS);
    }
  }

  private Optional<Migrator> migratorOf(String id) {
    if (migrators.size() == 1) {
      return Optional.of(migrators.values().iterator().next());
    }
    Map<String, Migrator> knowing = new LinkedHashMap<>(migrators);
    knowing.values().removeIf(migrator -> migrator.status(id).isEmpty());
    if (knowing.size() > 1) {
      throw new CommandRefusedException(
          ErrorCode.ID_AMBIGUOUS,
          "the id \"%s\" is known to %s; give each migration an id of its own"
              .formatted(id, knowing.keySet()));
    }
    return knowing.values().stream().findFirst();
  }
}
