package dev.migrator.autoconfigure.actuate.endpoint;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Why a command was refused.
 *
 * @param reason why, and what would make it possible
 */
public record RefusalDescriptor(String reason) implements OperationResponseBody {}
