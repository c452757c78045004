package dev.migrator.check.internal.judge;

import dev.migrator.check.Level;
import dev.migrator.check.Rule;
import dev.migrator.check.internal.effect.Touch;
import dev.migrator.plan.Work;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A finding before it is known what it means in production.
 *
 * @param rule what kind of thing
 * @param level how bad it is at most
 * @param touch the table; {@code null} if it is about none
 * @param work what takes the time
 * @param offset the character of the statement, from 0; -1 for its first
 * @param message what happens
 * @param breaks what that means for releases that run
 * @param safe what to do instead
 */
public record Draft(
    Rule rule,
    Level level,
    @Nullable Touch touch,
    Work work,
    int offset,
    String message,
    String breaks,
    List<String> safe) {

  public Draft {
    safe = List.copyOf(safe);
  }

  /** One that is about no table. */
  public static Draft of(Rule rule, Level level, String message, String breaks, List<String> safe) {
    return new Draft(rule, level, null, Work.NOTHING, -1, message, breaks, safe);
  }

  static Draft of(
      Rule rule,
      Level level,
      Touch touch,
      Work work,
      String message,
      String breaks,
      List<String> safe) {
    return new Draft(rule, level, touch, work, -1, message, breaks, safe);
  }
}
