package dev.migrator.sample.rollout;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Rolls the sample application from release 1 to the last while clients read and write, with two
 * instances of neighbouring releases serving from one PostgreSQL. Old instances are frozen, killed
 * and started too late meanwhile. The exit code is zero only if every request succeeded but for
 * those that a kill cut off, no value was stale or lost, the change is complete, and came by itself
 * when the last instance that needed the old column had gone, not before.
 */
public final class RollingDeploy {

  private static final Path DIRECTORY = Path.of("target", "rolling-deploy");

  private RollingDeploy() {}

  /**
   * Runs the deploy.
   *
   * @param arguments see {@link Options#USAGE}
   */
  public static void main(String... arguments) throws IOException {
    Locale.setDefault(Locale.ROOT);
    // The server closes idle connections after a minute. Closing them first keeps a request from
    // meeting a connection that is being closed, which would be nobody's fault but count as one.
    System.setProperty("jdk.httpclient.keepalive.timeout", "20");
    Options options = optionsOf(arguments);
    // A build that is ended does not always end what it started.
    ProcessHandle.current()
        .parent()
        .ifPresent(parent -> parent.onExit().thenRun(() -> System.exit(1)));
    prepareDirectory();
    try (Faults faults = new Faults(DIRECTORY.resolve("faults.log"))) {
      boolean passed = run(options, faults);
      System.out.println(
          passed
              ? "PASSED"
              : "FAILED, see %s and the instances' logs beside it"
                  .formatted(faults.file().toAbsolutePath()));
      System.exit(passed ? 0 : 1);
    }
  }

  /** The logs of the last run would be taken for those of this one. */
  private static void prepareDirectory() throws IOException {
    Files.createDirectories(DIRECTORY);
    try (DirectoryStream<Path> logs = Files.newDirectoryStream(DIRECTORY, "*.log")) {
      for (Path log : logs) {
        Files.delete(log);
      }
    }
  }

  private static Options optionsOf(String... arguments) {
    try {
      return Options.of(arguments);
    } catch (IllegalArgumentException ex) {
      System.err.println(ex.getMessage());
      System.exit(2);
      throw ex;
    }
  }

  private static boolean run(Options options, Faults faults) {
    HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    Rotation rotation = new Rotation();
    Meter meter = new Meter();
    Population population = new Population(options.users(), options.clients());
    UsersApi api = new UsersApi(http, meter, faults);
    Traffic.World world =
        new Traffic.World(
            options.clients(),
            api,
            rotation,
            new Pacer(options.rate()),
            population,
            new Ledger(user -> user <= options.users() ? Database.loadedName(user) : null),
            new Ledger(user -> user <= options.users() ? Database.loadedEmail(user) : null),
            faults);
    try (Progress progress = new Progress(System.out, options.console() || Terminal.isThere());
        Database database = Database.start();
        Fleet fleet =
            new Fleet(environment(database, options), DIRECTORY, rotation, progress, http);
        Watch watch = new Watch(rotation, http);
        Traffic traffic = new Traffic(world, faults)) {
      Registered registered = new Registered(database);
      Latecomers latecomers = new Latecomers(http, registered, faults, progress);
      Rollout rollout = new Rollout(options, database, fleet, watch, latecomers, progress);
      Audit.Result audit = Audit.Result.NONE;
      try {
        rollout.prepare();
        traffic.start();
        watch.start();
        progress.start(new StatusLine(rotation, watch, meter, faults));
        rollout.deploy();
        traffic.stop();
        checkProof(watch, options, faults);
        checkFleet(registered, rotation, faults);
        try (Connection connection = database.connect()) {
          audit = new Audit(connection, faults).carryOut(population, world.names(), world.emails());
        }
      } catch (DeployException | SQLException | IOException ex) {
        faults.add(Faults.Kind.CHANGE, ex.toString());
        progress.say("The deploy broke off: " + ex.getMessage());
        traffic.stop();
      }
      progress.close();
      new Report(System.out).print(meter, api, faults, watch, audit);
    } catch (InterruptedException ex) {
      Thread.currentThread().interrupt();
      return false;
    }
    return faults.isEmpty();
  }

  private static Map<String, String> environment(Database database, Options options) {
    Map<String, String> environment = new HashMap<>(database.environment());
    environment.put("MIGRATOR_CONTRACT_MODE", options.contract());
    return environment;
  }

  /** Whoever was killed, woken or refused must not be counted any more. */
  private static void checkFleet(Registered registered, Rotation rotation, Faults faults)
      throws SQLException {
    List<String> live = registered.live();
    boolean allThere = true;
    for (AppInstance instance : rotation.serving()) {
      allThere &= registered.isLive(instance);
    }
    if (!allThere || live.size() != rotation.serving().size()) {
      faults.add(
          Faults.Kind.CHANGE,
          "registered are %s, but in rotation %s".formatted(live, rotation.serving()));
    }
  }

  /** The library must itself have compared all rows there were, not only have ended well. */
  private static void checkProof(Watch watch, Options options, Faults faults) {
    long rows = watch.backfill().path("rowsVerified").asLong(0);
    long differences = watch.backfill().path("differences").asLong(-1);
    if (rows < options.users() || differences != 0) {
      faults.add(
          Faults.Kind.CHANGE,
          "%d of at least %d rows were proved, with %d differences"
              .formatted(rows, options.users(), differences));
    }
  }
}
