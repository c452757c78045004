package dev.migrator.autoconfigure.actuate.endpoint;

import dev.migrator.OperatorCommand;
import dev.migrator.OperatorCommand.Kind;
import dev.migrator.Phase;
import dev.migrator.error.ErrorCode;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;

/** Makes a command of the parameters of a request, or refuses the request. */
final class CommandRequest {

  private CommandRequest() {}

  static OperatorCommand command(
      @Nullable Kind action, @Nullable Phase phase, @Nullable Integer speed) {
    Kind kind = (action == null && speed != null) ? Kind.SPEED : action;
    if (kind == null || (kind == Kind.SPEED) != (speed != null)) {
      throw invalid(
          "give either an action or a speed, such as {\"action\":\"pause\"} or {\"speed\":30}");
    }
    if (phase != null && kind != Kind.UNDO) {
      throw invalid(kind + " is for the whole migration; only UNDO names a phase");
    }
    return switch (kind) {
      case PAUSE -> OperatorCommand.PAUSE;
      case RESUME -> OperatorCommand.RESUME;
      case RETRY -> OperatorCommand.RETRY;
      case CONTRACT -> OperatorCommand.CONTRACT;
      case UNDO -> (phase == null) ? OperatorCommand.UNDO : OperatorCommand.undo(phase);
      case SPEED -> speed(speed);
    };
  }

  static @Nullable Kind kind(@Nullable String action) {
    return one(Kind.class, "action", action);
  }

  static @Nullable Phase phase(@Nullable String phase) {
    return one(Phase.class, "phase", phase);
  }

  static @Nullable Integer percent(@Nullable String speed) {
    try {
      return (speed == null) ? null : Integer.valueOf(speed.strip());
    } catch (NumberFormatException ex) {
      throw invalid("a speed is a whole number of percent, between 1 and 100");
    }
  }

  private static <E extends Enum<E>> @Nullable E one(
      Class<E> type, String parameter, @Nullable String value) {
    if (value == null) {
      return null;
    }
    return Stream.of(type.getEnumConstants())
        .filter(it -> it.name().equalsIgnoreCase(value.strip()))
        .findFirst()
        .orElseThrow(
            () ->
                invalid(
                    "the %s is none of %s".formatted(parameter, List.of(type.getEnumConstants()))));
  }

  private static OperatorCommand speed(@Nullable Integer percent) {
    if (percent == null || percent < 1 || percent > 100) {
      throw invalid("a speed is between 1 and 100 percent");
    }
    return OperatorCommand.speed(percent);
  }

  private static InvalidEndpointRequestException invalid(String cause) {
    String reason = ErrorCode.COMMAND_INVALID + ": " + cause;
    return new InvalidEndpointRequestException(reason, reason);
  }
}
