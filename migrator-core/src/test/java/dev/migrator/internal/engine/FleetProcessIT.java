package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.status.Hold.Reason;
import dev.migrator.status.InstanceStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Instances in JVMs of their own, killed and frozen by the operating system. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class FleetProcessIT {

  private static final String ID = "full-name";

  private final Fixture fixture = Fixture.withoutJournal();

  private final List<Process> processes = new ArrayList<>();

  @BeforeEach
  void table() {
    fixture.execute(
        "CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL)",
        "INSERT INTO users SELECT n, 'user ' || n FROM generate_series(1, 500) n");
  }

  @AfterEach
  void close() {
    processes.forEach(Process::destroyForcibly);
    fixture.close();
  }

  @Test
  void aFrozenInstanceFindsItsLeaseOverBeforeItDoesAnythingElse() throws Exception {
    Process old = release1();
    BufferedReader answers = old.inputReader();
    PrintWriter questions = new PrintWriter(old.outputWriter(), true);
    do { // On a slow machine it may have lost its lease for a moment.
      questions.println("may you serve?");
    } while (!answer(answers).equals("true"));
    Migrator whole = release2();

    signal(old, "STOP");
    Fixture.awaitPhase(whole, ID, Phase.CONTRACT);
    // Lies in the pipe already when it wakes up.
    questions.println("may you serve?");
    signal(old, "CONT");
    assertThat(answer(answers)).as("its first answer after the freeze").isEqualTo("false");

    // It registers once more to look, and finds that what it needs is gone.
    awaitLine(answers, "must not serve any more");
    Fixture.await(() -> whole.status().fleet().size() == 1, () -> String.valueOf(whole.status()));
    questions.println("may you serve?");
    assertThat(answer(answers)).isEqualTo("false");
    assertThat(whole.status().fleet()).extracting(InstanceStatus::release).containsExactly("2.0");
  }

  @Test
  void aKilledInstanceHoldsTheContractUntilItsLeaseIsOver() throws Exception {
    Process old = release1();
    Migrator whole = release2();
    old.destroyForcibly().waitFor();
    Fixture.awaitPhase(whole, ID, Phase.CONTRACT);
    assertThat(whole.status().fleet()).extracting(InstanceStatus::release).containsExactly("2.0");
  }

  private Migrator release2() {
    Migrator whole =
        Fixture.builder(fixture.dataSource())
            .settings(Fixture.AUTO)
            .application("shop", "2.0")
            .declare(
                "bean",
                Migration.define(ID)
                    .table("users")
                    .renameColumn("name", "full_name")
                    .switchRead()
                    .dropColumn("name"))
            .build();
    fixture.closing(whole);
    whole.prepare();
    whole.start();
    Fixture.await(
        () ->
            whole.status(ID).orElseThrow().holds().stream()
                .anyMatch(it -> it.reason() == Reason.OLD_INSTANCES),
        () -> String.valueOf(whole.status(ID)));
    return whole;
  }

  private Process release1() throws IOException {
    Process process =
        ChildJvm.of(FleetChild.class, fixture.database())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    processes.add(process);
    List<String> output = new ArrayList<>();
    BufferedReader lines = process.inputReader();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.equals(FleetChild.SERVES)) {
        return process;
      }
      output.add(line);
    }
    throw new AssertionError("the process failed:\n" + String.join("\n", output));
  }

  private static void awaitLine(BufferedReader lines, String part) throws IOException {
    String line = lines.readLine();
    while (line != null && !line.contains(part)) {
      line = lines.readLine();
    }
    assertThat(line).contains(part);
  }

  /** The next answer, behind what is logged. */
  private static String answer(BufferedReader lines) throws IOException {
    String line = lines.readLine();
    while (line != null && !line.startsWith(FleetChild.ANSWER)) {
      line = lines.readLine();
    }
    return (line == null) ? "none" : line.substring(FleetChild.ANSWER.length());
  }

  private static void signal(Process process, String signal) throws Exception {
    int exit =
        new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
            .redirectErrorStream(true)
            .redirectOutput(Redirect.DISCARD)
            .start()
            .waitFor();
    assertThat(exit).isZero();
  }
}
