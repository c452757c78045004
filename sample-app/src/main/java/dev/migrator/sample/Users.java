package dev.migrator.sample;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The stored users. */
public interface Users {

  /**
   * Adds a user.
   *
   * @param name the full name
   * @param email the address, if there is one
   * @return the user as stored
   */
  User add(String name, @Nullable String email);

  /**
   * Looks a user up.
   *
   * @param id the key
   * @return empty if there is none
   */
  Optional<User> find(long id);

  /**
   * Gives a user another name.
   *
   * @param id the key
   * @param name the new full name
   * @return the user as it is now; empty if there is none
   */
  Optional<User> rename(long id, String name);

  /**
   * Gives a user another address.
   *
   * @param id the key
   * @param email the new address
   * @return the user as it is now; empty if there is none
   */
  Optional<User> changeEmail(long id, String email);
}
