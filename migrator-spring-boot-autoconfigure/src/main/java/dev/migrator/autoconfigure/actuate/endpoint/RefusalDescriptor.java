package dev.migrator.autoconfigure.actuate.endpoint;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Why a command was refused.
 *
 * @param code the stable code of the kind of cause, such as {@code MIG-5001}
 * @param reason why, and what would make it possible
 */
public record RefusalDescriptor(String code, String reason) implements OperationResponseBody {}
