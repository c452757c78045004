package dev.migrator.internal.fleet;

import dev.migrator.StatementProtection;
import dev.migrator.internal.fleet.Announcements.Found;
import org.jspecify.annotations.Nullable;

/**
 * How this instance answers announcements. What a heartbeat has found may be older than what the
 * leader, in this very instance, has announced since: a number that is lower than one that was
 * answered is passed over.
 */
public final class Protection {

  private static final long NOTHING = 0;

  private final Announcements announcements;

  private final InstanceInfo self;

  private final @Nullable StatementProtection statements;

  private long answered = NOTHING;

  private long changes;

  private boolean protects;

  /**
   * Makes it.
   *
   * @param statements {@code null} if this instance cannot protect any, so that nobody waits for it
   */
  public Protection(
      Announcements announcements, InstanceInfo self, @Nullable StatementProtection statements) {
    this.announcements = announcements;
    this.self = self;
    this.statements = statements;
  }

  /** What a new registration says: nothing is answered yet. */
  synchronized @Nullable Long registering() {
    answered = NOTHING;
    return (statements == null) ? null : NOTHING;
  }

  /** Does what an announcement asks for. */
  public synchronized void heed(Found found) {
    if (statements == null || found.number() < answered) {
      return;
    }
    if (found.changes() != changes) {
      // Before the end, which tells by it what may still be prepared for the old columns.
      changes = found.changes();
      statements.columnsChanged();
    }
    if (found.active() && found.number() > answered) {
      protects = true;
      statements.begin();
      announcements.answer(self, found.number());
      answered = found.number();
    } else if (!found.active() && protects) {
      // The answer goes first: until then the leader may count on it.
      announcements.answer(self, NOTHING);
      answered = Math.max(answered, found.number());
      protects = false;
      statements.end();
    }
  }
}
