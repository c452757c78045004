package dev.migrator.autoconfigure.actuate.endpoint;

import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.error.CommandRefusedException;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/** Gives the commands of {@link MigratorEndpoint} their HTTP status. */
@EndpointWebExtension(endpoint = MigratorEndpoint.class)
@RegisterReflectionForBinding({MigrationDescriptor.class, RefusalDescriptor.class})
public class MigratorEndpointWebExtension {

  private static final int ACCEPTED = 202;

  private static final int CONFLICT = 409;

  private final MigratorEndpoint delegate;

  /**
   * Creates the extension.
   *
   * @param delegate the endpoint
   */
  public MigratorEndpointWebExtension(MigratorEndpoint delegate) {
    this.delegate = delegate;
  }

  /**
   * Executes an operator's command.
   *
   * @param id the id of a migration
   * @param action the kind of command; may be left out if a speed is given
   * @param phase for {@code undo}, the only phase to undo
   * @param speed for {@code speed}, the share of the time in which workers work, in percent, 1 to
   *     100
   * @return 202 with the migration, 404 or 409
   */
  @WriteOperation
  public WebEndpointResponse<OperationResponseBody> execute(
      @Selector String id,
      OperatorCommand.@Nullable Kind action,
      @Nullable Phase phase,
      @Nullable Integer speed) {
    try {
      MigrationDescriptor descriptor = delegate.execute(id, action, phase, speed);
      return (descriptor != null)
          ? new WebEndpointResponse<>(descriptor, ACCEPTED)
          : new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
    } catch (CommandRefusedException ex) {
      return new WebEndpointResponse<>(
          new RefusalDescriptor(ex.errorCode().code(), String.valueOf(ex.getMessage())), CONFLICT);
    }
  }
}
