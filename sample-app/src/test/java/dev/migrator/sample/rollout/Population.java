package dev.migrator.sample.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Which users there are, and which of them a client may write. */
final class Population {

  private static final int HOT = 200;

  private final int loaded;

  private final int clients;

  private final List<List<Long>> added = new ArrayList<>();

  Population(int loaded, int clients) {
    this.loaded = loaded;
    this.clients = clients;
    for (int i = 0; i < clients; i++) {
      added.add(new ArrayList<>());
    }
  }

  int loaded() {
    return loaded;
  }

  synchronized void add(long user) {
    added.get((int) (user % clients)).add(user);
  }

  synchronized List<Long> added() {
    return added.stream().flatMap(List::stream).toList();
  }

  /** Any user: one of a few that everybody wants, one of the loaded, or one that was added. */
  long any(Random random) {
    return of(random.nextInt(clients), random);
  }

  /**
   * A user of one client. Each user belongs to one client, so that nobody else writes the same
   * field at the same time.
   */
  long of(int client, Random random) {
    int dice = random.nextInt(10);
    if (dice < 4) {
      // Spread over the table, so that they are in all ranges of the backfill.
      long hot = (long) random.nextInt(HOT) * (loaded / HOT);
      return belongingTo(client, hot);
    }
    if (dice < 9) {
      return belongingTo(client, random.nextInt(loaded));
    }
    synchronized (this) {
      List<Long> own = added.get(client);
      return own.isEmpty()
          ? belongingTo(client, random.nextInt(loaded))
          : own.get(random.nextInt(own.size()));
    }
  }

  private long belongingTo(int client, long near) {
    long user = near - near % clients + client;
    if (user > loaded) {
      return user - clients;
    }
    return (user == 0) ? clients : user;
  }
}
