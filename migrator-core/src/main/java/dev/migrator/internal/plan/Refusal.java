package dev.migrator.internal.plan;

import dev.migrator.error.ErrorCode;

/**
 * Why a command is refused.
 *
 * @param code the kind of cause
 * @param reason for a person
 */
public record Refusal(ErrorCode code, String reason) {}
