package dev.migrator.internal.engine;

/** The triggers of an earlier version of the library: one for the columns of both sides. */
final class EarlierTriggers {

  private EarlierTriggers() {}

  /** In the place of those that keep the columns a and b of the table t in step. */
  static void replaceOurs(Fixture fixture) {
    String name =
        fixture.value("SELECT tgname FROM pg_trigger WHERE tgname LIKE '%1\\_update\\_back'");
    String function =
        fixture.value(
            "SELECT tgfoid::regproc FROM pg_trigger WHERE tgname LIKE '%1\\_update\\_back'");
    fixture.execute(
        "DROP TRIGGER \"%s\" ON t".formatted(name.replace("back", "old")),
        "CREATE OR REPLACE TRIGGER \"%s\" BEFORE UPDATE OF a, b ON t FOR EACH ROW WHEN (current_setting('migrator.backfill', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION %s()"
            .formatted(name, function));
  }
}
