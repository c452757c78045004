package dev.migrator.internal.sql;

/**
 * Rows, or groups of them, that must not be there for a step to succeed.
 *
 * @param count the query that counts them
 * @param refusal what follows the number in the message: what they are, and what to do
 */
public record ViolatingRows(String count, String refusal) {}
