package dev.migrator.sample.rollout;

import dev.migrator.sample.rollout.Ledger.Entry;
import dev.migrator.sample.rollout.Ledger.Verdict;
import dev.migrator.sample.rollout.Rotation.Turn;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One client: reads, renames, changes addresses and adds users, and checks what it reads. */
final class Client implements Runnable {

  private final int number;

  private final Traffic.World world;

  private final BooleanSupplier goesOn;

  private final Random random;

  private int writes;

  Client(int number, Traffic.World world, BooleanSupplier goesOn) {
    this.number = number;
    this.world = world;
    this.goesOn = goesOn;
    this.random = new Random(number);
  }

  @Override
  public void run() {
    while (goesOn.getAsBoolean()) {
      int dice = random.nextInt(100);
      if (dice < 40) {
        read(world.population().any(random), null);
      } else if (dice < 72) {
        rename(world.population().of(number, random));
      } else if (dice < 92) {
        // Of a user that another client renames, so that both may meet in one row.
        int other = (number + 1) % world.clients();
        changeEmail(world.population().of(other, random));
      } else {
        add();
      }
    }
  }

  private void rename(long user) {
    String name = "Zoë O'Neill %d-%d".formatted(number, ++writes);
    AppInstance writer;
    JsonNode answer;
    try (Turn turn = turn(null)) {
      writer = turn.instance();
      world.names().writing(user);
      answer = world.api().rename(writer, user, name);
    }
    if (answer != null) {
      world.names().written(user, name);
      read(user, writer);
    }
  }

  private void changeEmail(long user) {
    String email = "c%d-%d@example.org".formatted(number, ++writes);
    AppInstance writer;
    JsonNode answer;
    try (Turn turn = turn(null)) {
      writer = turn.instance();
      world.emails().writing(user);
      answer = world.api().changeEmail(writer, user, email);
    }
    if (answer != null) {
      world.emails().written(user, email);
      read(user, writer);
    }
  }

  private void add() {
    String name = "New %d-%d".formatted(number, ++writes);
    String email = "n%d-%d@example.org".formatted(number, writes);
    AppInstance writer;
    JsonNode answer;
    try (Turn turn = turn(null)) {
      writer = turn.instance();
      answer = world.api().add(writer, name, email);
    }
    if (answer != null) {
      long user = answer.path("id").asLong();
      world.names().written(user, name);
      world.emails().written(user, email);
      world.population().add(user);
      read(user, writer);
    }
  }

  /** Reads a user, not from the instance that wrote it. */
  private void read(long user, @Nullable AppInstance writer) {
    Entry name;
    Entry email;
    AppInstance reader;
    JsonNode answer;
    try (Turn turn = turn(writer)) {
      reader = turn.instance();
      name = world.names().look(user);
      email = world.emails().look(user);
      answer = world.api().find(reader, user);
    }
    if (answer != null) {
      String where = "read from %s, written through %s".formatted(reader, writer);
      check("name", world.names(), name, user, answer, where);
      check("email", world.emails(), email, user, answer, where);
    }
  }

  private void check(
      String field,
      Ledger ledger,
      @Nullable Entry before,
      long user,
      JsonNode answer,
      String where) {
    String expected = ledger.expected(user);
    String value = answer.path(field).asStringOpt().orElse(null);
    if (ledger.judge(user, before, value) == Verdict.WRONG) {
      world
          .faults()
          .add(
              Faults.Kind.STALE,
              "%s of user %d is %s, but must be %s; %s"
                  .formatted(field, user, value, expected, where));
    }
  }

  private Turn turn(@Nullable AppInstance writer) {
    world.pacer().await();
    return (writer == null) ? world.rotation().take() : world.rotation().takeOther(writer);
  }
}
