package dev.migrator.autoconfigure;

import dev.migrator.MappedColumn;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.ReadSwitch;
import dev.migrator.error.CommandRefusedException;
import dev.migrator.error.ErrorCode;
import dev.migrator.plan.MigrationPlan;
import dev.migrator.plan.PlannedMigration;
import dev.migrator.status.InstanceStatus;
import dev.migrator.status.MigrationStatus;
import dev.migrator.status.MigratorStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Reports what it is given and remembers what it was asked to do. */
public final class FakeMigrator implements Migrator {

  public final List<String> calls = Collections.synchronizedList(new ArrayList<>());

  public final List<OperatorCommand> commands = Collections.synchronizedList(new ArrayList<>());

  private volatile CountDownLatch answers = new CountDownLatch(0);

  private volatile CountDownLatch details = new CountDownLatch(0);

  private final List<MigrationStatus> migrations = new ArrayList<>();

  public volatile boolean mayServe = true;

  private volatile MigrationPlan plan = new MigrationPlan(List.of(), Instant.EPOCH, "none");

  private boolean running;

  private volatile RuntimeException failure;

  public FakeMigrator with(MigrationStatus... statuses) {
    migrations.addAll(List.of(statuses));
    return this;
  }

  public FakeMigrator planning(MigrationPlan value) {
    plan = value;
    return this;
  }

  public FakeMigrator failing(RuntimeException exception) {
    failure = exception;
    return this;
  }

  /** Reports no details until told to go on. */
  public void hangingOnDetails() {
    details = new CountDownLatch(1);
  }

  /** Reports nothing until told to go on, as without a database. */
  public void hanging() {
    answers = new CountDownLatch(1);
  }

  public void goingOn() {
    details.countDown();
    answers.countDown();
  }

  @Override
  public void prepare() {
    call("prepare");
  }

  @Override
  public MigrationPlan plan() {
    call("plan");
    return plan;
  }

  @Override
  public Optional<PlannedMigration> plan(String id) {
    return plan.migrations().stream().filter(it -> it.id().equals(id)).findFirst();
  }

  @Override
  public MigrationPlan migrate() {
    call("migrate");
    return plan;
  }

  @Override
  public void start() {
    call("start");
    running = true;
  }

  @Override
  public void stop() {
    call("stop");
    running = false;
  }

  @Override
  public void mapped(Collection<MappedColumn> columns) {
    call("mapped");
  }

  @Override
  public ReadSwitch readSwitch() {
    return ReadSwitch.oldSide();
  }

  @Override
  public boolean mayServe() {
    return mayServe;
  }

  @Override
  public void close() {
    call("close");
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public MigratorStatus status() {
    call("status");
    await(answers);
    Instant since = Instant.parse("2026-11-22T09:40:10Z");
    return new MigratorStatus(
        "18.6",
        new MigratorStatus.Leader("orders-7c9f/41", since, since.plusSeconds(10)),
        migrations,
        List.of(
            new InstanceStatus(
                "orders-7c9f/41",
                "orders",
                "1.4.2",
                since,
                since.plusSeconds(5),
                since.plusSeconds(35),
                Map.of("a", Phase.BACKFILL))));
  }

  @Override
  public Optional<MigrationStatus> status(String id) {
    await(details);
    return status().migrations().stream().filter(it -> it.id().equals(id)).findFirst();
  }

  @Override
  public Optional<MigrationStatus> execute(String id, OperatorCommand command) {
    Optional<MigrationStatus> status = status(id);
    if (status.isPresent() && command.equals(OperatorCommand.UNDO)) {
      throw new CommandRefusedException(
          ErrorCode.COMMAND_TOO_EARLY, "nothing of \"" + id + "\" is to be undone");
    }
    commands.add(command);
    calls.add(command + " " + id);
    return status;
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(3, TimeUnit.MINUTES)) {
        throw new IllegalStateException("The test does not let it answer");
      }
    } catch (InterruptedException ex) {
      Thread.currentThread().interrupt();
    }
  }

  private void call(String name) {
    calls.add(name);
    if (failure != null) {
      throw failure;
    }
  }
}
