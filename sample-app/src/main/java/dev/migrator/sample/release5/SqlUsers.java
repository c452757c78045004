package dev.migrator.sample.release5;

import dev.migrator.ReadSwitch;
import dev.migrator.sample.Release;
import dev.migrator.sample.User;
import dev.migrator.sample.Users;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Users whose name is written to {@code full_name}, and read from where it is complete. */
@Repository
@Release(5)
class SqlUsers implements Users {

  private final JdbcClient jdbc;

  private final ReadSwitch readSwitch;

  SqlUsers(JdbcClient jdbc, ReadSwitch readSwitch) {
    this.jdbc = jdbc;
    this.readSwitch = readSwitch;
  }

  @Override
  public User add(String name, @Nullable String email) {
    return jdbc.sql("insert into users (full_name, email) values (?, ?) returning " + columns())
        .param(name)
        .param(email)
        .query(User.class)
        .single();
  }

  @Override
  public Optional<User> find(long id) {
    return jdbc.sql("select " + columns() + " from users where id = ?")
        .param(id)
        .query(User.class)
        .optional();
  }

  @Override
  public Optional<User> rename(long id, String name) {
    return jdbc.sql("update users set full_name = ? where id = ? returning " + columns())
        .param(name)
        .param(id)
        .query(User.class)
        .optional();
  }

  @Override
  public Optional<User> changeEmail(long id, String email) {
    return jdbc.sql("update users set email = ? where id = ? returning " + columns())
        .param(email)
        .param(id)
        .query(User.class)
        .optional();
  }

  private String columns() {
    String name = readSwitch.readsNew(Migrations.USERS_FULL_NAME) ? "full_name as name" : "name";
    return "id, " + name + ", email, created_at";
  }
}
