package dev.migrator.clinic;

import dev.migrator.traffic.Traffic;
import java.util.List;

/** Admits owners, changes their numbers, and reads them. */
final class ClinicTraffic implements Traffic.Round<Clinic> {

  @Override
  public void run(Traffic<Clinic>.Client client, String name) {
    List<String> pets = List.of("Leo " + name, "Rosy");
    String number = "+41 " + name;
    long owner = client.request(it -> it.admit("Zoë", number, pets));
    client.expect(number, client.request(it -> it.telephone(owner)));
    String other = "+44 " + name;
    client.request(
        it -> {
          it.changeTelephone(owner, other);
          return owner;
        });
    client.expect(other, client.request(it -> it.telephone(owner)));
    client.expect(pets, client.request(it -> it.pets(owner)));
    client.expect(List.of(owner), client.request(it -> it.reachedBy(other)));
    client.expect(List.of(), client.request(it -> it.reachedBy(number)));
  }
}
