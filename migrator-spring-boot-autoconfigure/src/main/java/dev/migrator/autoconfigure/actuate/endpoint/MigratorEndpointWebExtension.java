package dev.migrator.autoconfigure.actuate.endpoint;

import dev.migrator.error.CommandRefusedException;
import dev.migrator.error.ErrorCode;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/** Gives the commands of {@link MigratorEndpoint} their HTTP status. */
@EndpointWebExtension(endpoint = MigratorEndpoint.class)
@RegisterReflectionForBinding({MigrationDescriptor.class, RefusalDescriptor.class})
public class MigratorEndpointWebExtension {

  private static final int ACCEPTED = 202;

  private static final int NOT_ALLOWED = 405;

  private static final int CONFLICT = 409;

  private static final int LONGEST_ID = 200;

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
   * @param security who gives the command, where that is known
   * @return 202 with the migration; 400, 404, 405 or 409 with the reason
   */
  @WriteOperation
  public WebEndpointResponse<OperationResponseBody> execute(
      @Selector String id,
      @Nullable String action,
      @Nullable String phase,
      @Nullable String speed,
      SecurityContext security) {
    try {
      delegate.requireAccess();
      MigrationDescriptor descriptor =
          delegate.execute(
              id,
              CommandRequest.kind(action),
              CommandRequest.phase(phase),
              CommandRequest.percent(speed),
              security);
      return (descriptor != null)
          ? new WebEndpointResponse<>(descriptor, ACCEPTED)
          : new WebEndpointResponse<>(
              new RefusalDescriptor(
                  ErrorCode.UNKNOWN_MIGRATION.code(),
                  "nobody declares or has begun \"%s\"".formatted(brief(id))),
              WebEndpointResponse.STATUS_NOT_FOUND);
    } catch (AccessRefusedException ex) {
      return refusal(ErrorCode.COMMANDS_OFF, ex, NOT_ALLOWED);
    } catch (InvalidEndpointRequestException ex) {
      return refusal(ErrorCode.COMMAND_INVALID, ex, WebEndpointResponse.STATUS_BAD_REQUEST);
    } catch (CommandRefusedException ex) {
      return refusal(ex.errorCode(), ex, CONFLICT);
    }
  }

  private static String brief(String id) {
    return (id.length() <= LONGEST_ID) ? id : id.substring(0, LONGEST_ID) + "…";
  }

  private static WebEndpointResponse<OperationResponseBody> refusal(
      ErrorCode code, RuntimeException refused, int status) {
    return new WebEndpointResponse<>(
        new RefusalDescriptor(code.code(), String.valueOf(refused.getMessage())), status);
  }
}
