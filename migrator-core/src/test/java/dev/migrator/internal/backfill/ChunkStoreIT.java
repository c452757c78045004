package dev.migrator.internal.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.internal.catalog.Leaf;
import dev.migrator.internal.catalog.LeafReader;
import dev.migrator.internal.journal.Installation;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.RangeSql;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A chunk has one owner at a time, and nobody commits a range of it who is not. */
@Tag("server-version")
class ChunkStoreIT {

  private static final Duration LEASE = Duration.ofMinutes(1);

  private static final Position FURTHER = new Position(0, 0, 10, 10, false);

  private final TestDatabase server = TestPostgres.newDatabase();

  private final Database database = new Database(server.dataSource());

  private final AllocationStore allocations = new AllocationStore(database);

  private final ClaimStore claims = new ClaimStore(database);

  private final ChunkStore chunks = new ChunkStore(database);

  private Leaf leaf = new Leaf(0, "", "", 0);

  @BeforeEach
  void work() {
    Installation.ensure(database);
    database.inTransaction(
        () -> {
          database.execute("CREATE TABLE t (a int)");
          leaf = new LeafReader(database).of(oid()).get(0);
          database.execute(
              "INSERT INTO migrator.migration (id, table_name, operations) VALUES ('m', 't', '[]')");
          ProgressStore progress = new ProgressStore(database);
          progress.begin("m", 0);
          RangeSql sql = new RangeSql(leaf.oid(), "t", 0, "t", "t", "b = a", "true", true);
          progress.open(new BackfillTask("m", BackfillTask.Kind.COPY, sql, false));
          allocations.allocate("m", leaf, 3000);
        });
  }

  @AfterEach
  void close() {
    server.close();
  }

  private long oid() {
    return database.jdbc().sql("SELECT 't'::regclass::oid").query(Long.class).single();
  }

  private Optional<Chunk> claim(String worker, int most) {
    return database.inTransaction(() -> claims.claim("m", worker, LEASE, most));
  }

  private static Position at(Chunk chunk) {
    return Cursor.of(chunk, Cursor.SHARES).position();
  }

  private void expire() {
    database.inTransaction(
        () -> database.execute("UPDATE migrator.chunk SET expires_at = '-infinity'"));
  }

  @Test
  void eachIsGivenToOneWorkerAndNotToMoreThanMayWork() {
    Chunk first = claim("a", 2).orElseThrow();
    Chunk second = claim("b", 2).orElseThrow();
    assertThat(first.first()).isEqualTo(0);
    assertThat(second.first()).isEqualTo(first.end());
    assertThat(claim("c", 2)).isEmpty();
    assertThat(claim("c", 3).orElseThrow().end()).isEqualTo(3000);
    assertThat(claim("d", 9)).as("there is none left").isEmpty();
  }

  /** Statistics are as they are just then, so the claim must not depend on the plan. */
  @Test
  void oneIsGivenWhateverThePlan() {
    Optional<Chunk> claimed =
        database.inTransaction(
            () -> {
              for (String join : List.of("hashjoin", "mergejoin", "hashagg", "sort", "material")) {
                database.execute("SET LOCAL enable_" + join + " = off");
              }
              return claims.claim("m", "a", LEASE, 9);
            });
    assertThat(claimed.orElseThrow().first()).isZero();
  }

  @Test
  void theLimitHoldsWhenManyClaimAtOnce() {
    for (int i = 0; i < 30; i++) {
      expire();
      var claims =
          java.util.stream.Stream.of("a", "b", "c")
              .map(it -> CompletableFuture.supplyAsync(() -> claim(it, 1)))
              .toList();
      assertThat(claims.stream().map(CompletableFuture::join).filter(Optional::isPresent).count())
          .isEqualTo(1);
    }
  }

  @Test
  void anOwnerWhoseLeaseIsOverIsReplacedAndRefused() {
    Chunk old = claim("dead", 9).orElseThrow();
    database.inTransaction(() -> chunks.advance(old, leaf.oid(), FURTHER, 7, 0, 0, null, LEASE));
    expire();

    Chunk taken = claim("next", 9).orElseThrow();

    assertThat(taken.id()).isEqualTo(old.id());
    assertThat(taken.next()).as("goes on behind what was committed").isEqualTo(10);
    assertThatExceptionOfType(ChunkLostException.class)
        .isThrownBy(() -> database.inTransaction(() -> claims.hold(old, leaf.oid(), at(old))));
    database.inTransaction(() -> claims.hold(taken, leaf.oid(), at(taken)));
  }

  /** A server that has crashed, or a standby in its place, may know less than the owner. */
  @Test
  void anOwnerWhoseRangeWasLostDoesNotGoOnBehindIt() {
    Chunk chunk = claim("a", 9).orElseThrow();
    for (String lost : List.of("window_block = 1", "pass = 1", "next_block = 1")) {
      database.inTransaction(() -> database.execute("UPDATE migrator.chunk SET " + lost));
      assertThatExceptionOfType(ChunkSetBackException.class)
          .as(lost)
          .isThrownBy(
              () -> database.inTransaction(() -> claims.hold(chunk, leaf.oid(), at(chunk))));
      database.inTransaction(
          () ->
              database.execute(
                  "UPDATE migrator.chunk SET window_block = first_block, pass = 0, next_block = first_block"));
    }
    database.inTransaction(() -> claims.hold(chunk, leaf.oid(), at(chunk)));
  }

  @Test
  void nothingIsClosedBeforeAllIsDone() {
    ProgressStore progress = new ProgressStore(database);
    database.inTransaction(
        () ->
            database.execute(
                "UPDATE migrator.chunk SET rows_done = 7, finished = first_block < 2000"));
    assertThat(database.inTransaction(() -> progress.close("m", BackfillTask.Kind.COPY))).isFalse();
    assertThat(database.inTransaction(() -> chunks.state("m")).unfinished()).isEqualTo(1);
    database.inTransaction(() -> database.execute("UPDATE migrator.chunk SET finished = true"));
    assertThat(database.inTransaction(() -> progress.close("m", BackfillTask.Kind.COPY))).isTrue();
    assertThat(database.inTransaction(() -> progress.read("m")).orElseThrow())
        .extracting(Progress::rowsDone, Progress::work)
        .containsExactly(21L, null);
  }

  /** What was written before that is not to be waited for. */
  @Test
  void whoIsPresumedDeadIsReplacedAlsoWhenTheServersClockIsSetBack() {
    Chunk old = claim("dead", 1).orElseThrow();
    ThrottleStore throttle = new ThrottleStore(database);
    assertThat(claimReading(throttle)).isTrue();
    assertThat(claimReading(throttle)).as("somebody has read a moment ago").isFalse();
    database.inTransaction(
        () -> {
          database.execute(
              "UPDATE migrator.chunk SET due_at = due_at + interval '1 day', expires_at = CASE WHEN isfinite(expires_at) THEN expires_at + interval '1 day' ELSE expires_at END");
          database.execute("UPDATE migrator.backfill SET read_at = read_at + interval '1 day'");
        });
    assertThat(database.inTransaction(claims::openTasks)).hasSize(1);
    assertThat(database.inTransaction(() -> chunks.state("m")).free()).isEqualTo(3);
    assertThat(claim("next", 1).orElseThrow().id()).isEqualTo(old.id());
    assertThat(claimReading(throttle)).isTrue();
  }

  @Test
  void workersOfOtherDatabasesAreCountedAndForgotten() {
    try (TestDatabase elsewhere = TestPostgres.newDatabase()) {
      Database other = new Database(elsewhere.dataSource());
      assertThat(elsewhereAfterReading()).isZero();
      other.inTransaction(
          () -> {
            other.rangeLimits(LEASE, LEASE, true);
            assertThat(elsewhereAfterReading()).isEqualTo(1);
          });
      assertThat(elsewhereAfterReading()).isBetween(0.7, 0.9);
    }
    // One of this database is no other.
    database.inTransaction(
        () -> {
          database.rangeLimits(LEASE, LEASE, true);
          new ThrottleStore(database).read("m");
        });
    assertThat(elsewhereAfterReading()).isBetween(0.5, 0.6);
  }

  private double elsewhereAfterReading() {
    database.inTransaction(() -> new ThrottleStore(database).read("m"));
    Chunk chunk = claim("worker", 9).orElseThrow();
    double found = database.inTransaction(() -> claims.keep(chunk, null, 0, LEASE)).elsewhere();
    expire();
    return found;
  }

  private boolean claimReading(ThrottleStore throttle) {
    return database.inTransaction(() -> throttle.claimReading("m", Duration.ofMinutes(1)));
  }

  /** However long it takes: the next owner then begins behind it. */
  @Test
  void aRangeThatIsBeingCommittedIsNotTakenOver() throws Exception {
    Chunk chunk = claim("slow", 9).orElseThrow();
    expire();
    CompletableFuture<Void> held = new CompletableFuture<>();
    CompletableFuture<Void> end = new CompletableFuture<>();
    CompletableFuture<Void> range =
        CompletableFuture.runAsync(
            () ->
                database.inTransaction(
                    () -> {
                      claims.hold(chunk, leaf.oid(), at(chunk));
                      held.complete(null);
                      end.join();
                      chunks.advance(chunk, leaf.oid(), FURTHER, 1, 0, 0, null, Duration.ZERO);
                    }));
    held.get(180, TimeUnit.SECONDS);
    assertThat(claim("next", 9).orElseThrow().id()).isNotEqualTo(chunk.id());
    end.complete(null);
    range.join();
    Chunk taken = claim("after", 9).orElseThrow();
    assertThat(taken.id()).isEqualTo(chunk.id());
    assertThat(taken.next()).isEqualTo(10);
  }

  @Test
  void nothingIsClaimedWhileAnOperatorHoldsTheMigration() {
    for (String hold : new String[] {"paused = true", "undoing = true", "failure = 'x'"}) {
      database.inTransaction(() -> database.execute("UPDATE migrator.migration SET " + hold));
      assertThat(claim("a", 9)).as(hold).isEmpty();
      database.inTransaction(
          () ->
              database.execute(
                  "UPDATE migrator.migration SET paused = false, undoing = false, failure = NULL"));
    }
    assertThat(claim("a", 9)).isPresent();
  }

  @Test
  void aTableIsAllocatedWithoutGapsWhateverItsSize() {
    for (long blocks : new long[] {1, 1023, 1024, 1025, 100_000, 300_000_000L}) {
      database.inTransaction(
          () -> {
            database.execute("DELETE FROM migrator.chunk");
            allocations.allocate("m", leaf, blocks);
          });
      assertThat(
              database
                  .jdbc()
                  .sql(
                      """
                      SELECT sum(end_block - first_block) || ' ' || min(first_block) || ' ' ||
                             max(end_block) || ' ' || (count(*) <= 4200) FROM migrator.chunk
                      """)
                  .query(String.class)
                  .single())
          .isEqualTo(blocks + " 0 " + blocks + " true");
    }
  }

  @Test
  void aBlockThatIsTriedAgainLaterIsNotDueBefore() {
    Chunk locked = claim("a", 9).orElseThrow();
    database.inTransaction(
        () -> {
          database.execute("DELETE FROM migrator.chunk");
          chunks.again("m", locked, 5, 6, 1, Duration.ofMinutes(5));
        });
    assertThat(claim("a", 9)).isEmpty();
    database.inTransaction(() -> database.execute("UPDATE migrator.chunk SET due_at = now()"));
    assertThat(claim("a", 9).orElseThrow().attempts()).isEqualTo(1);
  }

  @Test
  void oneThatIsPutOffDoesNotHoldUpTheOthers() {
    Chunk first = claim("a", 9).orElseThrow();
    database.inTransaction(() -> claims.putOff(first, Duration.ofMinutes(5)));
    assertThat(claim("a", 9).orElseThrow().first()).isEqualTo(first.end());
    assertThat(claim("b", 9)).isPresent();
    assertThat(claim("c", 9)).as("the first is not due").isEmpty();
  }

  @Test
  void whatIsAllocatedAnewReplacesTheOldChunks() {
    Chunk old = claim("a", 9).orElseThrow();
    database.inTransaction(() -> allocations.allocate("m", new Leaf(leaf.oid(), "t", "1", 2), 5));
    assertThatExceptionOfType(ChunkLostException.class)
        .isThrownBy(() -> database.inTransaction(() -> claims.hold(old, leaf.oid(), at(old))));
    assertThat(database.inTransaction(() -> allocations.marks("m"))).containsExactly("1:2");
    assertThat(database.inTransaction(() -> new ProgressStore(database).read("m")).orElseThrow())
        .extracting(Progress::blocks, Progress::blocksLeft)
        .containsExactly(5L, 5L);
  }

  @Test
  void whatWasDoneOnAnotherTableThanWasAllocatedIsNoProgress() {
    Chunk chunk = claim("a", 9).orElseThrow();
    database.inTransaction(() -> database.execute("TRUNCATE t"));
    assertThatExceptionOfType(ChunkChangedException.class)
        .isThrownBy(
            () ->
                database.inTransaction(
                    () -> chunks.advance(chunk, leaf.oid(), FURTHER, 7, 0, 0, null, LEASE)));
  }
}
