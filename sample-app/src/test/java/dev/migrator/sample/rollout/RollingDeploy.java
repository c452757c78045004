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
 * instances of neighbouring releases serving from one PostgreSQL. Meanwhile old instances are
 * frozen, killed and started too late. The exit code is zero only if every request succeeded except
 * those that a kill cut off, no value was stale or lost, and the change completed by itself when
 * the last instance that needed the old column was gone, not before.
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
    // The server closes idle connections after a minute. A request that meets a connection while it
    // closes would count as a failure, so this side closes them first.
    System.setProperty("jdk.httpclient.keepalive.timeout", "20");
    Options options = optionsOf(arguments);
    // A build that is stopped does not always stop its children.
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

  /** Logs of the last run could be mistaken for those of this one. */
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
      Rollout rollout =
          new Rollout(
              options,
              database,
              fleet,
              watch,
              new HeldFile(rotation, http, progress),
              latecomers,
              progress);
      Audit.Result audit = Audit.Result.NONE;
      try {
        rollout.prepare();
        traffic.start();
        watch.start();
        progress.start(new StatusLine(rotation, watch, meter, faults));
        rollout.deploy();
        traffic.stop();
        checkVerification(watch, options, faults);
        checkFleet(registered, rotation, faults);
        try (Connection connection = database.connect()) {
          audit = new Audit(connection, faults).run(population, world.names(), world.emails());
        }
      } catch (DeployException | SQLException | IOException ex) {
        faults.add(Faults.Kind.CHANGE, ex.toString());
        progress.say("The deploy was aborted: " + ex.getMessage());
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

  /** Instances that were killed, woken or refused must not be registered. */
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

  /** The library must itself have compared all rows, not only have ended without an error. */
  private static void checkVerification(Watch watch, Options options, Faults faults) {
    long rows = watch.backfill().path("rowsVerified").asLong(0);
    long differences = watch.backfill().path("differences").asLong(-1);
    if (rows < options.users() || differences != 0) {
      faults.add(
          Faults.Kind.CHANGE,
          "%d of at least %d rows were verified, with %d differences"
              .formatted(rows, options.users(), differences));
    }
  }
}
