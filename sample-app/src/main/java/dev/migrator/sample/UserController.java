package dev.migrator.sample;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The users over HTTP, the same in all releases. */
@RestController
@RequestMapping("/users")
class UserController {

  private final Users users;

  UserController(Users users) {
    this.users = users;
  }

  @PostMapping
  ResponseEntity<User> add(@RequestBody NewUser user) {
    User added = users.add(user.name(), user.email());
    return ResponseEntity.created(URI.create("/users/" + added.id())).body(added);
  }

  @GetMapping("/{id}")
  ResponseEntity<User> find(@PathVariable long id) {
    return ResponseEntity.of(users.find(id));
  }

  @PutMapping("/{id}")
  ResponseEntity<User> rename(@PathVariable long id, @RequestBody NewName name) {
    return ResponseEntity.of(users.rename(id, name.name()));
  }

  @PutMapping("/{id}/email")
  ResponseEntity<User> changeEmail(@PathVariable long id, @RequestBody NewEmail email) {
    return ResponseEntity.of(users.changeEmail(id, email.email()));
  }

  record NewUser(String name, @Nullable String email) {
    NewUser {
      given("name", name);
    }
  }

  record NewName(String name) {
    NewName {
      given("name", name);
    }
  }

  record NewEmail(String email) {
    NewEmail {
      given("email", email);
    }
  }

  /** What a constructor refuses while JSON is read becomes a 400. */
  private static void given(String field, @Nullable String value) {
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException(field + " is missing");
    }
  }
}
