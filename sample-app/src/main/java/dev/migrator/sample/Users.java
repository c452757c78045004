package dev.migrator.sample;

import java.util.Collections;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The stored users. The release says which columns hold the name; the rest never changes. */
@Repository
class Users {

  private final JdbcClient jdbc;

  private final NameColumns columns;

  Users(JdbcClient jdbc, NameColumns columns) {
    this.jdbc = jdbc;
    this.columns = columns;
  }

  User add(String name, @Nullable String email) {
    return jdbc.sql(
            "insert into users (%s, email) values (%s, :email) returning %s"
                .formatted(
                    String.join(", ", columns.write()),
                    String.join(", ", Collections.nCopies(columns.write().size(), ":name")),
                    selected()))
        .param("name", name)
        .param("email", email)
        .query(User.class)
        .single();
  }

  /** Looks a user up; empty if there is none. */
  Optional<User> find(long id) {
    return jdbc.sql("select %s from users where id = :id".formatted(selected()))
        .param("id", id)
        .query(User.class)
        .optional();
  }

  /** Returns the user as it is now; empty if there is none. */
  Optional<User> rename(long id, String name) {
    return jdbc.sql(
            "update users set %s = :name where id = :id returning %s"
                .formatted(String.join(" = :name, ", columns.write()), selected()))
        .param("name", name)
        .param("id", id)
        .query(User.class)
        .optional();
  }

  /** Returns the user as it is now; empty if there is none. */
  Optional<User> changeEmail(long id, String email) {
    return jdbc.sql("update users set email = :email where id = :id returning " + selected())
        .param("email", email)
        .param("id", id)
        .query(User.class)
        .optional();
  }

  private String selected() {
    return "id, %s as name, email, created_at".formatted(columns.read().get());
  }
}
