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

/** Gives the words of {@link MigratorEndpoint} their HTTP status. */
@EndpointWebExtension(endpoint = MigratorEndpoint.class)
@RegisterReflectionForBinding({MigrationDescriptor.class, RefusalDescriptor.class})
public class MigratorEndpointWebExtension {

  private static final int ACCEPTED = 202;

  private static final int CONFLICT = 409;

  private final MigratorEndpoint delegate;

  /**
   * Makes the extension.
   *
   * @param delegate the endpoint
   */
  public MigratorEndpointWebExtension(MigratorEndpoint delegate) {
    this.delegate = delegate;
  }

  /**
   * Passes an operator's word on.
   *
   * @param id the id of a migration
   * @param action the word; {@code null} if a speed is given
   * @param phase for {@code undo}, the only phase that is to be taken back
   * @param speed instead of a word, the share of the time in which rows are worked on, 1 to 100
   * @return 202 with the change, 404 or 409
   */
  @WriteOperation
  public WebEndpointResponse<OperationResponseBody> execute(
      @Selector String id,
      @Nullable OperatorCommand action,
      @Nullable Phase phase,
      @Nullable Integer speed) {
    try {
      MigrationDescriptor descriptor = delegate.execute(id, action, phase, speed);
      return (descriptor != null)
          ? new WebEndpointResponse<>(descriptor, ACCEPTED)
          : new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
    } catch (CommandRefusedException ex) {
      return new WebEndpointResponse<>(
          new RefusalDescriptor(String.valueOf(ex.getMessage())), CONFLICT);
    }
  }
}
