package dev.migrator.test.rehearsal;

import dev.migrator.Phase;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.rehearsal.Course.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ends all sessions of the instance that works, once in the middle of each phase, has another one
 * go on, and compares the result with that of a run in which nobody was killed.
 */
final class KillRun {

  private final Setup setup;

  private final StartingDatabase start;

  private final String id;

  KillRun(StartingDatabase start, String id) {
    this.setup = start.setup();
    this.start = start;
    this.id = id;
  }

  KillResult run() {
    Set<String> old = Contents.columns(start.database());
    List<Integer> changes = new ArrayList<>();
    Contents undisturbed;
    Set<Phase> working;
    try (TestDatabase database = start.copy()) {
      try (Course course = Course.measured(setup, database, id)) {
        working = Course.working(course.plan());
        AtomicInteger count = new AtomicInteger();
        course.watched().onChange(count::incrementAndGet);
        while (course.next() != null) {
          changes.add(count.getAndSet(0));
        }
      }
      undisturbed = Contents.of(database, old);
    }
    List<String> killedIn = new ArrayList<>();
    try (TestDatabase database = start.copy()) {
      for (int i = 0; i < changes.size(); i++) {
        boolean killed = changes.get(i) > 0 && kill(database, working, (changes.get(i) + 1) / 2);
        try (Course course = Course.hasty(setup, database, id, working, false)) {
          Stage stage = course.next();
          if (killed && stage != null) {
            killedIn.add(stage.name());
          }
        }
      }
      return new KillResult(killedIn, undisturbed.differences(Contents.of(database, old)), null);
    } catch (RehearsalException ex) {
      return new KillResult(killedIn, List.of(), ex.getMessage());
    }
  }

  /** Returns whether it came to it: an instance may find less to do than the one before. */
  private boolean kill(TestDatabase database, Set<Phase> working, int at) {
    AtomicInteger left = new AtomicInteger(at);
    try (Course course = Course.hasty(setup, database, id, working, true)) {
      course
          .watched()
          .onChange(
              () -> {
                if (left.decrementAndGet() == 0) {
                  setup.progress().accept("%s: its instance is killed".formatted(id));
                  course.watched().kill();
                  // What a process does no longer when it is gone.
                  Thread end = new Thread(course.engine()::stop, "migrator-rehearsal-end");
                  end.setDaemon(true);
                  end.start();
                }
              });
      try {
        course.next();
      } catch (RuntimeException ex) {
        if (left.get() > 0) {
          throw ex;
        }
      }
    }
    return left.get() <= 0;
  }
}
