package dev.migrator.internal.fleet;

import dev.migrator.StatementProtection;
import org.jspecify.annotations.Nullable;

/** How this instance answers announcements. */
public final class Protection {

  private static final long NONE = 0;

  private final Announcements announcements;

  private final InstanceInfo self;

  private final @Nullable StatementProtection statements;

  private long answered = NONE;

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
    answered = NONE;
    return (statements == null) ? null : NONE;
  }

  /**
   * Does what an announcement asks for.
   *
   * @param announced its number; 0 if there is none at present
   */
  public synchronized void heed(long announced) {
    if (statements == null || announced == answered) {
      return;
    }
    if (announced != NONE) {
      statements.begin();
      announcements.answer(self, announced);
    } else {
      // The answer goes first: until then the leader may count on it.
      announcements.answer(self, NONE);
      statements.end();
    }
    answered = announced;
  }
}
