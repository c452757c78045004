package dev.migrator.clinic;

import java.util.List;

/** Owners and their pets, the same in all releases. */
public interface Clinic {

  /** Stores an owner with pets, and returns the key. */
  long admit(String name, String telephone, List<String> pets);

  String telephone(long owner);

  List<String> pets(long owner);

  void changeTelephone(long owner, String telephone);

  /** The keys of the owners with that number. */
  List<Long> reachedBy(String telephone);
}
