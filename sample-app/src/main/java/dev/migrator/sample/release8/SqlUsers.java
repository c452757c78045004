package dev.migrator.sample.release8;

import dev.migrator.sample.Release;
import dev.migrator.sample.User;
import dev.migrator.sample.Users;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Users whose name is in {@code full_name}. */
@Repository
@Release(8)
class SqlUsers implements Users {

  private static final String COLUMNS = "id, full_name as name, email, created_at";

  private final JdbcClient jdbc;

  SqlUsers(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public User add(String name, @Nullable String email) {
    return jdbc.sql("insert into users (full_name, email) values (?, ?) returning " + COLUMNS)
        .param(name)
        .param(email)
        .query(User.class)
        .single();
  }

  @Override
  public Optional<User> find(long id) {
    return jdbc.sql("select " + COLUMNS + " from users where id = ?")
        .param(id)
        .query(User.class)
        .optional();
  }

  @Override
  public Optional<User> rename(long id, String name) {
    return jdbc.sql("update users set full_name = ? where id = ? returning " + COLUMNS)
        .param(name)
        .param(id)
        .query(User.class)
        .optional();
  }

  @Override
  public Optional<User> changeEmail(long id, String email) {
    return jdbc.sql("update users set email = ? where id = ? returning " + COLUMNS)
        .param(email)
        .param(id)
        .query(User.class)
        .optional();
  }
}
