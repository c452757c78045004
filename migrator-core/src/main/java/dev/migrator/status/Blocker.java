package dev.migrator.status;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A session that holds a lock which a step needs. The text of its statement is left out, as it can
 * contain data.
 *
 * @param pid its process id on the server; 0 for a prepared transaction, which has none
 * @param application what it calls itself, may be empty; of a prepared transaction its name
 * @param state its state, such as {@code idle in transaction}; {@code null}, as the rest, where the
 *     role may not see it
 * @param transactionStart since when its transaction is open
 * @param queryStart when its last statement began
 */
public record Blocker(
    int pid,
    String application,
    @Nullable String state,
    @Nullable Instant transactionStart,
    @Nullable Instant queryStart) {}
