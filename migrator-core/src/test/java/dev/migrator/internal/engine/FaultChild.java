package dev.migrator.internal.engine;

import dev.migrator.internal.engine.FaultDataSource.Moment;
import java.io.IOException;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A process that lives until the goal is reached, or stops at a point and waits there to be killed.
 */
final class FaultChild {

  /** Said by a process that has come to its point. */
  static final String AT_THE_POINT = "at the point";

  /** Said by a process that has reached its goal. */
  static final String AT_THE_GOAL = "at the goal";

  private FaultChild() {}

  /** Arguments: URL, user, password, change, life, label, ordinal (0 for none), moment. */
  public static void main(String[] args) {
    PGSimpleDataSource target = new PGSimpleDataSource();
    target.setURL(args[0]);
    target.setUser(args[1]);
    target.setPassword(args[2]);
    FaultDataSource dataSource =
        new FaultDataSource(
            target,
            new FaultPoint(args[5], Integer.parseInt(args[6]), Moment.valueOf(args[7])),
            ignored -> {
              System.out.println(AT_THE_POINT);
              waitForTheEnd();
            });
    FaultLife.valueOf(args[4])
        .runShort(
            dataSource, FaultChange.valueOf(args[3]), "child-" + ProcessHandle.current().pid());
    System.out.println(AT_THE_GOAL);
  }

  /** The killer holds the other end; should it be gone without killing, this process goes too. */
  private static void waitForTheEnd() {
    try {
      if (System.in.read() < 0) {
        Runtime.getRuntime().halt(1);
      }
    } catch (IOException ex) {
      Runtime.getRuntime().halt(1);
    }
  }
}
